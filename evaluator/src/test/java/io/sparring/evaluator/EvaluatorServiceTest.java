package io.sparring.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.learning.ExecutionSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.StatusBoard;
import org.junit.jupiter.api.Test;

class EvaluatorServiceTest {

    private final SettableClock clock = new SettableClock();
    private final EvaluatorService service =
            new EvaluatorService(TinyRun.RUN, KafkaSettings.of("127.0.0.1:1"), new ExecutionSettings(1, 1), clock);

    @Test
    void isAnEvaluatorThatIsNotReadyBeforeTheRunIsPublished() {
        assertThat(service.name()).isEqualTo("evaluator");
        assertThat(service.notReady()).hasValue("waiting for the run to be published");
    }

    @Test
    void returnsWithoutAClusterWhenItIsToStopAtOnce() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ServiceContext context = new ServiceContext("evaluator-1", new StatusBoard(clock, meters), meters);
        context.stop();
        service.run(context);
        assertThat(meters.get("sparring.batches").counter().count()).isZero();
    }
}

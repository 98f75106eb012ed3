package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.StatusBoard;
import io.sparring.schemas.ServiceState;
import org.junit.jupiter.api.Test;

class TrainerServiceTest {

    private final SettableClock clock = new SettableClock();
    private final TrainerService service =
            new TrainerService(TinyRun.RUN, KafkaSettings.of("127.0.0.1:1"), TinyRun.EXECUTION, Beginning.OF_RUN_FILE, clock);

    @Test
    void isATrainerThatIsNotReadyBeforeItHasStarted() {
        assertThat(service.name()).isEqualTo("trainer");
        assertThat(service.notReady()).hasValue("starting");
    }

    @Test
    void returnsWithoutAClusterWhenItIsToStopAtOnce() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ServiceContext context = new ServiceContext("trainer-1", new StatusBoard(clock, meters), meters);
        context.stop();
        service.run(context);
        assertThat(context.status().state()).isEqualTo(ServiceState.STARTING);
    }
}

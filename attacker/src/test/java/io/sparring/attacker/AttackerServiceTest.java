package io.sparring.attacker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.learning.ExecutionSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.StatusBoard;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttackerServiceTest {

    private final SettableClock clock = new SettableClock();
    private final AttackerService service = new AttackerService(TinyRun.with(Map.of()), KafkaSettings.of("127.0.0.1:1"),
            new ExecutionSettings(1, 1), clock, Duration.ofSeconds(60));

    @Test
    void isAnAttackerThatIsNotReadyBeforeItHasPartitions() {
        assertThat(service.name()).isEqualTo("attacker");
        assertThat(service.notReady()).hasValue("no partition of clean-batches is assigned");
    }

    @Test
    void returnsWithoutAClusterWhenItIsToStopAtOnce() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ServiceContext context = new ServiceContext("attacker-1", new StatusBoard(clock, meters), meters);
        context.stop();
        service.run(context);
        assertThat(meters.get("sparring.batches").counter().count()).isZero();
    }
}

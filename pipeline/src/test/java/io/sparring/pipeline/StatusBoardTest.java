package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.UpdateIdentity;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StatusBoardTest {

    private final SettableClock clock = new SettableClock(50_000);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final StatusBoard board = new StatusBoard(clock, meters);

    @Test
    void beginsWithNothingDone() {
        assertThat(board.heartbeat("attacker", "a-1", "127.0.0.1:8080")).isEqualTo(new ServiceStatus("attacker", "a-1",
                ServiceState.STARTING, "127.0.0.1:8080", 0L, 0.0, null, null, null, Instant.ofEpochMilli(50_000)));
    }

    @Test
    void aHeartbeatSaysHowTheServiceIsAtThatMoment() {
        board.state(ServiceState.RUNNING);
        board.lag(12);
        board.update(new UpdateIdentity(1, 40));
        board.handled(128);
        board.handled(72);
        clock.forward(4_000);
        assertThat(board.heartbeat("attacker", "a-1", "h:1")).isEqualTo(new ServiceStatus("attacker", "a-1",
                ServiceState.RUNNING, "h:1", 2L, 50.0, 12L, 1, 40L, Instant.ofEpochMilli(54_000)));
        clock.forward(20_000);
        assertThat(board.heartbeat("attacker", "a-1", "h:1").getImagesPerSecond()).as("idle for ten seconds").isZero();
        assertThat(board.heartbeat("attacker", "a-1", "h:1").getBatches()).isEqualTo(2);
    }

    @Test
    void theMetricsSayTheSame() {
        assertThat(gauge("sparring.step")).isNaN();
        assertThat(gauge("sparring.incarnation")).isNaN();
        assertThat(gauge("sparring.lag")).isNaN();
        board.lag(12);
        board.update(new UpdateIdentity(1, 40));
        board.handled(128);
        board.handled(72);
        assertThat(gauge("sparring.step")).isEqualTo(40);
        assertThat(gauge("sparring.incarnation")).isEqualTo(1);
        assertThat(gauge("sparring.lag")).isEqualTo(12);
        assertThat(meters.get("sparring.batches").counter().count()).isEqualTo(2);
        assertThat(meters.get("sparring.images").counter().count()).isEqualTo(200);
    }

    @Test
    void exactlyTheStateItIsInIsOne() {
        for (ServiceState state : ServiceState.values()) {
            board.state(state);
            assertThat(board.state()).isEqualTo(state);
            for (ServiceState each : ServiceState.values()) {
                assertThat(meters.get("sparring.state").tag("state", each.name()).gauge().value()).as("%s in %s", each, state)
                        .isEqualTo(each == state ? 1 : 0);
            }
        }
    }

    private double gauge(String name) {
        return meters.get(name).gauge().value();
    }
}

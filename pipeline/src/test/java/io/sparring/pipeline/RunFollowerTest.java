package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sparring.schemas.Received;
import io.sparring.schemas.Rollback;
import io.sparring.schemas.RunControl;
import io.sparring.schemas.RunRecord;
import io.sparring.schemas.RunState;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunFollowerTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final RunSpecification RUN = RunKeys.run(Map.of("run", "fashion"));

    private final LogConsumer<String, Received<RunRecord>> log = new LogConsumer<>("fashion.runs");
    private final List<RunRequests> heard = new CopyOnWriteArrayList<>();
    private final List<RuntimeException> failures = new CopyOnWriteArrayList<>();
    private final RunFollower follower = new RunFollower(log, "fashion", heard::add, failures::add, SetAside.LOGGED);

    @AfterEach
    void close() {
        follower.close();
        assertThat(log.closed()).isTrue();
    }

    @Test
    void aRunThatNobodyAsksForAnythingIsRunning() {
        follower.start();
        assertThat(follower.requests()).isEqualTo(RunRequests.NONE);
    }

    @Test
    void whoAsksKnowsWhatWasAskedForBefore() {
        append(RunRegistry.record("fashion", "control", new RunControl(RunState.STOPPED, Instant.EPOCH)));
        append(RunRegistry.record("fashion", "control", new RunControl(RunState.PAUSED, Instant.EPOCH)));
        RunRegistry.records(RUN, new byte[10]).forEach(this::append);
        follower.start();
        assertThat(follower.requests().state()).isEqualTo(RunState.PAUSED);
        assertThat(follower.requests().versions()).isEqualTo(SpecificationVersions.of(RUN));
    }

    @Test
    void whatIsAskedForLaterIsHeard() {
        RunRegistry.records(RUN, new byte[10]).forEach(this::append);
        follower.start();
        assertThat(follower.requests().rollback()).isEmpty();
        Rollback rollback = new Rollback(2, 0, 300L, Instant.EPOCH);
        SpecificationVersion second = new SpecificationVersion(2, 77,
                RunKeys.run(Map.of("run", "fashion", "objective.lambda", "0.5")));
        append(RunRegistry.record("fashion", "rollback", rollback));
        append(RunRegistry.record(second, "sha"));
        append(RunRegistry.record("fashion", "control", new RunControl(RunState.STOPPED, Instant.EPOCH)));
        await().atMost(LONG).until(() -> follower.requests().state() == RunState.STOPPED);
        assertThat(follower.requests().rollback()).contains(rollback);
        assertThat(follower.requests().versions().all()).containsExactly(new SpecificationVersion(1, 0, RUN), second);
        assertThat(heard).last().isEqualTo(follower.requests());
    }

    @Test
    void aFailureIsTold() {
        KafkaException refused = new KafkaException("not authorized");
        log.setPollException(refused);
        follower.start();
        await().atMost(LONG).untilAsserted(() -> assertThat(failures).containsExactly(refused));
        assertThat(follower.requests()).as("nobody waits for it").isEqualTo(RunRequests.NONE);
    }

    private void append(ProducerRecord<String, byte[]> record) {
        log.append(0, record.key(), WireFormat.of(RunRecord.class).receiver().deserialize(record.topic(), record.value()));
    }
}

package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.cli.RunOverview.Condition;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunRequests;
import io.sparring.pipeline.SpecificationVersions;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.RunState;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.WeightsPart;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunOverviewTest {

    private static final Instant NOW = Instant.ofEpochSecond(100);
    private static final SpecificationVersions PUBLISHED = SpecificationVersions.of(
            RunFile.read(null, Map.of(), Map.of("run", "r", "data.batches", "10")));
    private static final ServiceStatus TRAINER = MadeRecords.status("trainer", "t", 1, 99_000);

    @Test
    void isNewUntilItIsPublished() {
        assertThat(overview(RunRequests.NONE, 0, TRAINER).condition()).isEqualTo(Condition.NEW);
    }

    @Test
    void runsWhileATrainerIsAlive() {
        assertThat(overview(RunState.RUNNING, 5, TRAINER).condition()).isEqualTo(Condition.RUNNING);
        assertThat(overview(RunState.RUNNING, 5, MadeRecords.status("attacker", "a", 1, 99_000)).condition())
                .isEqualTo(Condition.IDLE);
        assertThat(overview(RunState.RUNNING, 5, MadeRecords.status("trainer", "t", 1, 95_000)).condition()).as("long ago")
                .isEqualTo(Condition.IDLE);
    }

    @Test
    void isWhatItWasAskedToBe() {
        assertThat(overview(RunState.PAUSED, 5, TRAINER).condition()).isEqualTo(Condition.PAUSED);
        assertThat(overview(RunState.STOPPED, 5, TRAINER).condition()).isEqualTo(Condition.STOPPED);
        assertThat(overview(RunState.STOPPED, 10, TRAINER).condition()).isEqualTo(Condition.FINISHED);
    }

    private static RunOverview overview(RunState state, long nextBatch, ServiceStatus service) {
        return overview(new RunRequests(state, Optional.empty(), PUBLISHED), nextBatch, service);
    }

    private static RunOverview overview(RunRequests requests, long nextBatch, ServiceStatus service) {
        ModelUpdate update = new ModelUpdate(0, nextBatch, nextBatch, nextBatch, WeightsPart.WEIGHTS, true, "", "", 0, 1,
                ByteBuffer.allocate(0), NOW);
        return new RunOverview("r", requests, Optional.empty(), Optional.of(update), List.of(service), NOW);
    }
}

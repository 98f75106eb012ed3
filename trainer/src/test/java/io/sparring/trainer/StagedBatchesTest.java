package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.pipeline.RunRequests;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.SetAside;
import io.sparring.pipeline.StatusBoard;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Position;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StagedBatchesTest {

    private static final Duration WAIT = Duration.ofSeconds(7);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ServiceContext context = new ServiceContext("trainer-1", new StatusBoard(Clock.systemUTC(), meters), meters,
            () -> RunRequests.NONE, SetAside.LOGGED);
    private final RecordLog<Long, ImageBatch> clean = new RecordLog<>("tiny.clean-batches", 2, 4);
    private final RecordLog<Long, AdversarialBatch> adversarial = new RecordLog<>("tiny.adversarial-batches", 2, 4);
    private final Outcomes outcomes = new Outcomes(new Position(0L, List.of(), clean.beginning(), clean.beginning()));
    private final StagedBatches batches = new StagedBatches(
            new BatchReader<>(clean, "tiny.clean-batches", clean.beginning(), outcomes, 8,
                    Admission.clean(TinyRun.RUN, 0, context)),
            new BatchReader<>(adversarial, "tiny.adversarial-batches", clean.beginning(), outcomes, 8,
                    Admission.adversarial(TinyRun.RUN, 0, context)),
            outcomes, 0);

    @Test
    void waitsForTheAdversarialBatchWhereNothingIsThere() {
        batches.poll(WAIT);
        assertThat(clean.waited()).isZero();
        assertThat(adversarial.waited()).isEqualTo(WAIT);
    }

    @Test
    void waitsForTheCleanBatchThatAnAdversarialOneIsThereFor() {
        adversarial.append(0, TinyRun.refused(0, "none"));
        batches.poll(WAIT);
        batches.poll(WAIT);
        assertThat(clean.waited()).isEqualTo(WAIT);
        assertThat(adversarial.waited()).isZero();
    }

    @Test
    void aLaterOneIsNotWaitedFor() {
        adversarial.append(1, TinyRun.refused(1, "none"));
        batches.poll(WAIT);
        batches.poll(WAIT);
        assertThat(clean.waited()).isZero();
        assertThat(adversarial.waited()).isEqualTo(WAIT);
    }
}

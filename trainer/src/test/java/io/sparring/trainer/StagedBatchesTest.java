package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Position;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StagedBatchesTest {

    private static final Duration WAIT = Duration.ofSeconds(7);

    private final LogConsumer<Long, ImageBatch> clean = new LogConsumer<>("tiny.clean-batches", 2, 4);
    private final LogConsumer<Long, AdversarialBatch> adversarial = new LogConsumer<>("tiny.adversarial-batches", 2, 4);
    private final Outcomes outcomes = new Outcomes(new Position(0L, List.of(), clean.beginning(), clean.beginning()));
    private final StagedBatches batches = new StagedBatches(
            new BatchReader<>(clean, "tiny.clean-batches", clean.beginning(), outcomes, 8, record -> true),
            new BatchReader<>(adversarial, "tiny.adversarial-batches", clean.beginning(), outcomes, 8, record -> true),
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

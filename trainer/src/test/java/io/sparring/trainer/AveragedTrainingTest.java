package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sparring.learning.SafeTensors;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SettableClock;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Received;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WeightsPart;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Eight batches, an update every two, a checkpoint every four, of an objective that averages the weights. */
class AveragedTrainingTest {

    private final RunSpecification run = TinyRun.with(Map.of("objective.name", "rpat++", "objective.averaging", "0.9",
            "objective.averagingFromEpoch", "2"));
    private final byte[] program = TinyRun.program(run);
    private final SettableClock clock = new SettableClock();
    private final RecordLog<Long, ImageBatch> clean = new RecordLog<>("tiny.clean-batches", 2, 16);
    private final RecordLog<Long, AdversarialBatch> adversarial = new RecordLog<>("tiny.adversarial-batches", 2, 16);

    @BeforeEach
    void append() {
        for (long number = 0; number < TinyRun.BATCHES; number++) {
            clean.append(number, ImageBatch.newBuilder(TinyRun.clean(number)).setEpoch(number / 2).build());
            adversarial.append(number,
                    number == 2 ? TinyRun.refused(2, "for a test") : TinyRun.crafted(TinyRun.clean(number), 0));
        }
    }

    /** With two batches an epoch the average begins to differ from the weights at batch four. */
    @Test
    void aRestartInTheMiddleRestoresTheAveragesBitForBit() {
        Training whole = new Training(run, clock)
                .train(Training.fresh(run, program), clean.again(), adversarial.again(), () -> true);
        List<String> weights = whole.updates().stream().filter(update -> update.getPart() == WeightsPart.WEIGHTS)
                .map(ModelUpdate::getSha256).toList();
        List<String> averages = whole.updates().stream().filter(update -> update.getPart() == WeightsPart.AVERAGED_WEIGHTS)
                .map(ModelUpdate::getSha256).toList();
        assertThat(whole.updates()).extracting(ModelUpdate::getPart, ModelUpdate::getNextBatch).startsWith(
                tuple(WeightsPart.WEIGHTS, 0L), tuple(WeightsPart.AVERAGED_WEIGHTS, 0L), tuple(WeightsPart.WEIGHTS, 2L));
        assertThat(averages).hasSize(5).startsWith(weights.get(0), weights.get(1), weights.get(2));
        assertThat(averages.subList(3, 5)).doesNotContainAnyElementsOf(weights);

        // before the average differs, at a checkpoint, after one, and after the update behind one
        for (int stop : new int[] {3, 4, 5, 7}) {
            Training before = new Training(run, clock)
                    .train(Training.fresh(run, program), clean.again(), adversarial.again(), batches(stop));
            Training after = new Training(run, clock)
                    .train(before.next(program), clean.again(), adversarial.again(), () -> true);
            assertThat(Stream.concat(before.updates().stream(), after.updates().stream())).as("stopped after %d", stop)
                    .containsExactlyElementsOf(whole.updates());
            assertThat(Stream.concat(before.checkpoints().stream(), after.checkpoints().stream())).as("stopped after %d", stop)
                    .containsExactlyElementsOf(whole.checkpoints());
        }
        SavedState last = whole.checkpoints().get(whole.checkpoints().size() - 1);
        assertThat(Sha256.of(SafeTensors.encode(last.averaged(), Map.of()))).isEqualTo(averages.get(4));
    }

    @Test
    void aReplayComparesTheAveragesThatAreRecorded() {
        Training training = new Training(run, clock)
                .train(Training.fresh(run, program), clean.again(), adversarial.again(), () -> true);
        RecordLog<String, ModelUpdate> updates = new RecordLog<>("tiny.model-updates", 1, 2);
        training.updates().forEach(update -> updates.append(0, "0/" + update.getStep(), Received.readable(update)));
        Map<UpdateIdentity, String> recorded = RecordedAverages.read(run, updates);
        assertThat(recorded).as("of the initial weights, and after every second batch").hasSize(5);

        ReplayResult result = new Replaying(run, clean, adversarial).averages(recorded).of(training);
        assertThat(result.firstDifference()).isNull();
        assertThat(result).extracting(ReplayResult::identical, ReplayResult::averages, ReplayResult::averagesIdentical)
                .containsExactly(4L, 4L, 4L);

        recorded.put(new UpdateIdentity(0, 5), "0".repeat(64));
        recorded.remove(new UpdateIdentity(0, 3));
        ReplayResult other = new Replaying(run, clean, adversarial).averages(recorded).of(training);
        assertThat(other.firstDifference()).startsWith("update 0/5 after batch 5: the averaged weights have the SHA-256 ")
                .endsWith(", recorded is " + "0".repeat(64));
        assertThat(other).extracting(ReplayResult::identical, ReplayResult::averages, ReplayResult::averagesIdentical)
                .as("what is trimmed is not compared").containsExactly(3L, 2L, 1L);
        assertThat(other.allIdentical()).isFalse();
    }

    @Test
    void ofARunWithoutAveragesNothingIsRead() {
        assertThat(RecordedAverages.read(TinyRun.RUN, new RecordLog<>("other", 1, 1))).isEmpty();
    }

    /** Goes on for so many batches that are all there. */
    private static BooleanSupplier batches(int count) {
        AtomicInteger asked = new AtomicInteger();
        return () -> asked.getAndIncrement() < count;
    }
}

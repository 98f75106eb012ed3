package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sparring.learning.SafeTensors;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SettableClock;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.WeightsPart;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Eight batches, an update every two, a checkpoint every four, of an objective that averages the weights. */
class AveragedTrainingTest {

    private final SettableClock clock = new SettableClock();
    private final RecordLog<Long, ImageBatch> clean = new RecordLog<>("tiny.clean-batches", 2, 16);
    private final RecordLog<Long, AdversarialBatch> adversarial = new RecordLog<>("tiny.adversarial-batches", 2, 16);

    /** With two batches an epoch the average begins to differ from the weights at batch four. */
    @Test
    void aRestartInTheMiddleRestoresTheAveragesBitForBit() {
        RunSpecification run = TinyRun.with(Map.of("objective.name", "rpat++", "objective.averaging", "0.9",
                "objective.averagingFromEpoch", "2"));
        byte[] program = TinyRun.program(run);
        for (long number = 0; number < TinyRun.BATCHES; number++) {
            clean.append(number, ImageBatch.newBuilder(TinyRun.clean(number)).setEpoch(number / 2).build());
            adversarial.append(number,
                    number == 2 ? TinyRun.refused(2, "for a test") : TinyRun.crafted(TinyRun.clean(number), 0));
        }
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

    /** Goes on for so many batches that are all there. */
    private static BooleanSupplier batches(int count) {
        AtomicInteger asked = new AtomicInteger();
        return () -> asked.getAndIncrement() < count;
    }
}

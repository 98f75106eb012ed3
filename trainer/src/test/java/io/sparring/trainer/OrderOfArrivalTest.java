package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SettableClock;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.Position;
import io.sparring.schemas.TrainingStep;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Whatever arrives first or twice, wherever the trainer dies: one outcome a number, and an order that can be repeated. */
class OrderOfArrivalTest {

    private static final int BATCHES = 24;
    private static final int WINDOW = 5;
    private static final RunSpecification RUN = TinyRun.with(Map.of("order", "arrival", "data.batches", "" + BATCHES,
            "staleness.atMost", "" + WINDOW));

    private final SettableClock clock = new SettableClock();
    private final RecordLog<Long, ImageBatch> clean = new RecordLog<>("tiny.clean-batches", 2, 16);
    private RecordLog<Long, AdversarialBatch> adversarial = new RecordLog<>("tiny.adversarial-batches", 2, 16);
    private final Set<Long> crafted = new TreeSet<>();

    @Test
    void everyNumberHasOneOutcomeInAnOrderThatEndsInTheSameWeights() {
        boolean disorderly = false;
        for (int seed = 0; seed < 5; seed++) {
            Random random = new Random(seed);
            begin();
            Training training = new Training(RUN, clock);
            StartingPoint start = Training.fresh(RUN);
            int restarts = random.nextInt(4);
            for (int leader = 0; leader <= restarts; leader++) {
                training = leader == 0 ? training : new Training(RUN, clock).after(training);
                int moments = leader == restarts ? Integer.MAX_VALUE : random.nextInt(BATCHES);
                training.train(start, clean.again(), adversarial, arriving(training, random, moments));
                start = training.next();
                adversarial = adversarial.again();
            }

            List<TrainingStep> steps = training.all(Training::steps);
            List<Long> order = steps.stream().map(TrainingStep::getBatchNumber).toList();
            assertThat(order).as("seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(LongStream.range(0, BATCHES).boxed().toList());
            assertThat(steps).as("seed %d: the first copy of each", seed).allMatch(step -> step.getOutcome() == Outcome.TRAINED);
            assertThat(steps).as("seed %d", seed).allMatch(step -> step.getStaleness() <= RUN.window() + RUN.ahead());
            assertThat(training.all(Training::updates)).as("seed %d: by the count of outcomes, in one incarnation", seed)
                    .extracting(ModelUpdate::getIncarnation, ModelUpdate::getStep).containsExactlyElementsOf(
                            LongStream.rangeClosed(0, BATCHES / 2).mapToObj(i -> tuple(0, 2 * i)).toList());
            disorderly |= !order.equals(order.stream().sorted().toList());

            Training again = new Training(RUN, clock).train(new StartingPoint(TinyRun.PROGRAM, start.programSha256(),
                    start.versions(), Training.fresh(RUN).state(), steps, false), clean.again(), adversarial.again(), () -> true);
            assertThat(again.topics()).as("seed %d: the recorded weights are reached from the beginning", seed).isEmpty();
        }
        assertThat(disorderly).isTrue();
    }

    @Test
    void takesNoneTooFarAboveTheLowestMissing() {
        begin();
        for (long number = 1; number <= WINDOW; number++) {
            adversarial.append(number, TinyRun.crafted(TinyRun.clean(number), 0));
        }
        Training training = new Training(RUN, clock);
        int[] asked = {0};
        training.train(Training.fresh(RUN), clean, adversarial, () -> asked[0]++ < 20);
        assertThat(RUN.ahead()).isEqualTo(4);
        assertThat(training.steps()).extracting(TrainingStep::getBatchNumber).containsExactlyInAnyOrder(1L, 3L, 2L, 4L);
        assertThat(training.updates()).extracting(ModelUpdate::getNextBatch).as("0 is missing").containsExactly(0L, 0L, 0L);
        assertThat(training.updates()).extracting(ModelUpdate::getOutcomes).containsExactly(0L, 2L, 4L);
        Position position = training.checkpoints().get(1).position();
        assertThat(position.getOutcomesAbove()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(position.getNextBatch()).isZero();
        assertThat(position.getAdversarialOffsets()).as("5 is staged").containsExactly(2L, 2L);
    }

    /** Batch 5 is not there, and 4, of the other partition, is answered last: who goes on then reads nothing of the partition of 5. */
    @Test
    void aGapHasItsOutcomeBeforeTheLaterBatchThatTellsOfIt() {
        RunSpecification run = TinyRun.with(Map.of("order", "arrival", "data.batches", "8", "staleness.atMost", "" + WINDOW,
                "publishing.checkpointEvery", "1"));
        LongStream.of(0, 1, 2, 3, 4, 6, 7).forEach(number -> clean.append(number, TinyRun.clean(number)));
        boolean stuck = false;
        for (int moments = 0; moments < 12; moments++) {
            adversarial = new RecordLog<>("tiny.adversarial-batches", 2, 16);
            LongStream.of(0, 1, 2, 3, 7).forEach(
                    number -> adversarial.append(number, TinyRun.crafted(TinyRun.clean(number), 0)));
            int[] left = {moments};
            Training before = new Training(run, clock).train(Training.fresh(run), clean.again(), adversarial,
                    () -> left[0]-- > 0);
            adversarial = adversarial.again();
            LongStream.of(6, 4).forEach(number -> adversarial.append(number, TinyRun.crafted(TinyRun.clean(number), 0)));
            Training after = new Training(run, clock).after(before).train(
                    before.checkpoints().isEmpty() ? Training.fresh(run) : before.next(), clean.again(), adversarial, () -> true);
            List<TrainingStep> steps = after.all(Training::steps);
            List<Long> order = steps.stream().map(TrainingStep::getBatchNumber).toList();
            assertThat(order).as("%d moments", moments).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
            assertThat(order.indexOf(5L)).as("%d moments", moments).isLessThan(order.indexOf(7L));
            assertThat(steps.get(order.indexOf(5L))).as("%d moments", moments).extracting(TrainingStep::getOutcome,
                    TrainingStep::getAdversarialOffset).containsExactly(Outcome.REFUSED, null);
            stuck |= !before.checkpoints().isEmpty() && before.next().state().position().getOutcomesAbove().contains(7L);
        }
        assertThat(stuck).as("a leader began without 4, with 7").isTrue();
    }

    private void begin() {
        adversarial = new RecordLog<>("tiny.adversarial-batches", 2, 16);
        crafted.clear();
        if (clean.endOffsets(Set.of(clean.partition(0))).get(clean.partition(0)) == 0) {
            LongStream.range(0, BATCHES).forEach(number -> clean.append(number, TinyRun.clean(number)));
        }
    }

    /** Attackers that craft what the window allows in any order, and some of it twice; only the first copy can be trained on. */
    private BooleanSupplier arriving(Training training, Random random, int moments) {
        int[] left = {moments};
        RecordLog<Long, AdversarialBatch> log = adversarial;
        return () -> {
            List<ModelUpdate> updates = training.all(Training::updates);
            ModelUpdate newest = updates.isEmpty() ? null : updates.get(updates.size() - 1);
            long end = newest == null ? 0 : Math.min(BATCHES, newest.getNextBatch() + WINDOW + 1);
            List<Long> allowed = LongStream.range(0, end).filter(number -> !crafted.contains(number)).boxed().toList();
            if (!allowed.isEmpty()) {
                long number = allowed.get(random.nextInt(allowed.size()));
                crafted.add(number);
                log.append(number, TinyRun.crafted(TinyRun.clean(number), newest.getStep()));
            }
            if (random.nextInt(3) == 0 && !crafted.isEmpty()) {
                long twice = List.copyOf(crafted).get(random.nextInt(crafted.size()));
                log.append(twice, TinyRun.refused(twice, "a second copy"));
            }
            return left[0]-- > 0;
        };
    }
}

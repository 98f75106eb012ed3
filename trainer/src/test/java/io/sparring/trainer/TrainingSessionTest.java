package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import io.sparring.learning.Platform;
import io.sparring.learning.SafeTensors;
import io.sparring.pipeline.RunRequests;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.SpecificationVersion;
import io.sparring.pipeline.SpecificationVersions;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.Received;
import io.sparring.schemas.Rollback;
import io.sparring.schemas.RunState;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Eight batches, an update every two, a checkpoint every four. */
class TrainingSessionTest {

    private static final BooleanSupplier TO_THE_END = () -> true;

    private final SettableClock clock = new SettableClock();
    private final RecordLog<Long, ImageBatch> clean = new RecordLog<>("tiny.clean-batches", 2, 16);
    private final RecordLog<Long, AdversarialBatch> adversarial = new RecordLog<>("tiny.adversarial-batches", 2, 16);

    @Test
    void publishesTheInitialWeightsAndThenEachInterval() {
        appendAll();
        Training training = training(TO_THE_END);

        assertThat(training.topics()).containsExactly("model-updates", "checkpoints",
                "training-steps", "training-steps", "model-updates",
                "training-steps", "training-steps", "model-updates", "checkpoints",
                "training-steps", "training-steps", "model-updates",
                "training-steps", "training-steps", "model-updates", "checkpoints");
        assertThat(training.updates()).extracting(ModelUpdate::getNextBatch).containsExactly(0L, 2L, 4L, 6L, 8L);
        assertThat(training.updates()).extracting(ModelUpdate::getStep).containsExactly(0L, 2L, 3L, 5L, 7L);
        assertThat(training.updates()).extracting(ModelUpdate::getIncarnation).containsOnly(0);
        assertThat(training.updates()).extracting(ModelUpdate::getEvaluate).containsExactly(true, false, true, false, true);
        assertThat(training.updates().get(0).getSha256())
                .isEqualTo(Sha256.of(SafeTensors.encode(TinyRun.initialWeights(), Map.of())));
        assertThat(training.updates()).extracting(ModelUpdate::getSha256).doesNotHaveDuplicates();
        assertThat(training.state()).isEqualTo(ServiceState.FINISHED);
    }

    @Test
    void recordsEachBatchOnceInOrderAndTheWeightsAtTheLastOfEachInterval() {
        appendAll();
        Training training = training(TO_THE_END);

        assertThat(training.steps()).extracting(TrainingStep::getBatchNumber).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(training.steps()).extracting(TrainingStep::getOutcome).containsExactly(Outcome.TRAINED, Outcome.TRAINED,
                Outcome.REFUSED, Outcome.TRAINED, Outcome.TRAINED, Outcome.TRAINED, Outcome.TRAINED, Outcome.TRAINED);
        List<String> published = training.updates().stream().map(ModelUpdate::getSha256).toList();
        assertThat(training.steps()).extracting(TrainingStep::getWeightsSha256).containsExactly(
                null, published.get(1), null, published.get(2), null, published.get(3), null, published.get(4));
        String platform = Platform.of(TinyRun.EXECUTION).toString();
        assertThat(training.steps()).extracting(TrainingStep::getComputedOn).containsExactly(
                null, platform, null, platform, null, platform, null, platform);
    }

    @Test
    void aCheckpointHoldsTheWeightsTheOptimizerAndWhereToReadOn() {
        appendAll();
        Training training = training(TO_THE_END);

        assertThat(training.checkpoints()).extracting(SavedState::identity)
                .containsExactly(new UpdateIdentity(0, 0), new UpdateIdentity(0, 3), new UpdateIdentity(0, 7));
        SavedState middle = training.checkpoints().get(1);
        assertThat(Sha256.of(SafeTensors.encode(middle.weights(), Map.of()))).isEqualTo(training.updates().get(2).getSha256());
        assertThat(middle.optimizer().count()).isPositive();
        assertThat(middle.optimizer()).isNotEqualTo(training.checkpoints().get(2).optimizer());
        assertThat(middle.position().getNextBatch()).isEqualTo(4);
        assertThat(middle.position().getCleanOffsets()).containsExactly(2L, 2L);
        assertThat(middle.position().getAdversarialOffsets()).containsExactly(2L, 2L);
    }

    @Test
    void trainsInOrderOfNumberHoweverBatchesArrive() {
        appendAll();
        Training inOrder = training(TO_THE_END);
        for (int seed = 0; seed < 3; seed++) {
            List<Long> arrival = new ArrayList<>(LongStream.range(0, TinyRun.BATCHES).boxed().toList());
            // some come twice
            arrival.addAll(List.of(1L, 4L, 6L));
            Collections.shuffle(arrival, new Random(seed));
            RecordLog<Long, AdversarialBatch> shuffled = new RecordLog<>("tiny.adversarial-batches", 2, 16);
            Iterator<Long> next = arrival.iterator();
            Training training = new Training(TinyRun.RUN, clock).train(Training.fresh(), clean.again(), shuffled, () -> {
                if (next.hasNext()) {
                    long number = next.next();
                    shuffled.append(number, adversarial(number));
                }
                return true;
            });

            assertThat(training.steps()).as("seed %d", seed).extracting(TrainingStep::getBatchNumber)
                    .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
            for (TrainingStep step : training.steps()) {
                assertThat(step.getAdversarialOffset()).as("seed %d, batch %d: its first copy", seed, step.getBatchNumber())
                        .isEqualTo(arrival.stream().filter(number -> number % 2 == step.getBatchNumber() % 2).toList()
                                .indexOf(step.getBatchNumber()));
            }
            assertThat(training.updates()).as("seed %d", seed).isEqualTo(inOrder.updates());
        }
    }

    @Test
    void aRestartAtAnyPointLosesNothingAndPublishesNothingTwice() {
        appendAll();
        Training whole = training(TO_THE_END);
        for (int stop = 0; stop <= TinyRun.BATCHES; stop++) {
            Training before = training(batches(stop));
            StartingPoint start = before.next();
            Training after = again(start, TO_THE_END);

            assertThat(before.steps()).as("stopped after %d: whole intervals only", stop).hasSize(stop / 2 * 2);
            assertThat(Stream.concat(before.steps().stream(), after.steps().stream()))
                    .as("stopped after %d", stop).containsExactlyElementsOf(whole.steps());
            assertThat(Stream.concat(before.updates().stream(), after.updates().stream())).as("stopped after %d", stop)
                    .containsExactlyElementsOf(whole.updates());
            assertThat(Stream.concat(before.checkpoints().stream(), after.checkpoints().stream())).as("stopped after %d", stop)
                    .containsExactlyElementsOf(whole.checkpoints());
        }
    }

    @Test
    void weightsThatAreNotReachedAgainBeginTheNextIncarnationWithACheckpoint() {
        assertNextIncarnation(step -> TrainingStep.newBuilder(step).setWeightsSha256("0".repeat(64)).build());
    }

    @Test
    void soDoesAnotherOutcome() {
        assertNextIncarnation(step -> TrainingStep.newBuilder(step).setOutcome(Outcome.DROPPED).build());
    }

    @Test
    void soDoesAnotherCopyOfABatch() {
        assertNextIncarnation(step -> TrainingStep.newBuilder(step).setAdversarialOffset(77L).build());
    }

    private void assertNextIncarnation(UnaryOperator<TrainingStep> tamper) {
        appendAll();
        StartingPoint start = training(batches(6)).next();
        assertThat(start.steps()).hasSize(2);
        List<TrainingStep> tampered = List.of(start.steps().get(0), tamper.apply(start.steps().get(1)));
        Training training = again(new StartingPoint(start.program(), start.programSha256(), start.versions(), start.state(),
                tampered, false), TO_THE_END);

        assertThat(training.topics()).startsWith("model-updates", "checkpoints", "training-steps");
        assertThat(training.updates()).extracting(ModelUpdate::getIncarnation, ModelUpdate::getStep, ModelUpdate::getNextBatch)
                .containsExactly(tuple(1, 5L, 6L), tuple(1, 7L, 8L));
        assertThat(training.steps()).extracting(TrainingStep::getBatchNumber).containsExactly(6L, 7L);
        assertThat(training.steps()).extracting(TrainingStep::getIncarnation).containsOnly(1);
        assertThat(training.checkpoints().get(0).identity()).isEqualTo(new UpdateIdentity(1, 5));
        assertThat(training.checkpoints().get(0).position().getNextBatch()).isEqualTo(6);

        assertThat(again(training.next(), TO_THE_END).topics()).as("nobody applies the old steps again").isEmpty();
    }

    @Test
    void theIncarnationStaysWhenItsWeightsAreReached() {
        appendAll();
        SavedState state = training(batches(4)).next().state();
        SavedState later = new SavedState(new UpdateIdentity(3, state.identity().step()), state.position(), state.programSha256(),
                state.weights(), state.optimizer(), state.averaged());
        Training first = again(at(later, List.of()), batches(2));
        assertThat(first.steps()).hasSize(2);
        Training second = again(at(later, first.steps()), TO_THE_END);
        assertThat(second.steps()).extracting(TrainingStep::getBatchNumber).containsExactly(6L, 7L);
        assertThat(second.updates()).extracting(ModelUpdate::getIncarnation).containsExactly(3);
    }

    @Test
    void stopsWhileItCannotApplyTheCommittedStepsAgainYet() {
        appendAll();
        StartingPoint start = training(batches(6)).next();
        RecordLog<Long, AdversarialBatch> empty = new RecordLog<>("tiny.adversarial-batches", 2, 16);
        AtomicInteger asked = new AtomicInteger();
        Training training = new Training(TinyRun.RUN, clock)
                .train(start, clean.again(), empty, () -> asked.incrementAndGet() < 5);
        assertThat(training.topics()).isEmpty();
        assertThat(asked).hasValue(5);
    }

    /** Asking is what keeps the lead, and applying a step of a large network again takes its time. */
    @Test
    void asksBeforeEachCommittedStepThatItAppliesAgain() {
        appendAll();
        SavedState state = training(batches(4)).next().state();
        List<TrainingStep> steps = training(TO_THE_END).steps().subList(4, 8);
        AtomicInteger asked = new AtomicInteger();
        Training training = again(at(state, steps), () -> asked.incrementAndGet() > 0);
        assertThat(training.state()).isEqualTo(ServiceState.FINISHED);
        assertThat(asked.get()).as("before each of the four, and at the end").isGreaterThan(4);
    }

    @Test
    void craftsWhatNobodyCraftsAgainstThePublishedUpdateAndEndsTheRun() {
        for (long number = 0; number < TinyRun.BATCHES; number++) {
            clean.append((int) (number % 2), number, number == 3 ? Received.unreadable(new byte[2], "damaged")
                    : Received.readable(TinyRun.clean(number)));
        }
        Training training = new Training(TinyRun.RUN, clock);
        AtomicInteger arrived = new AtomicInteger();
        training.train(Training.fresh(), clean, adversarial, () -> {
            // what the trainer publishes arrives as if from an attacker
            training.crafted().stream().skip(arrived.get()).forEach(batch -> {
                adversarial.append(batch.getBatchNumber(), batch);
                arrived.incrementAndGet();
            });
            clock.forward(Duration.ofSeconds(10));
            return true;
        });

        assertThat(training.crafted()).extracting(AdversarialBatch::getBatchNumber).as("each once")
                .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(training.crafted()).extracting(AdversarialBatch::getAttacker).containsOnly("trainer-1");
        assertThat(training.steps()).extracting(TrainingStep::getReason)
                .containsExactly(null, null, null, "damaged", null, null, null, null);
        assertThat(training.crafted().stream().filter(batch -> batch.getBatchNumber() != 3)
                .map(batch -> ((Crafted) batch.getResult()).getStep())).containsExactly(0L, 0L, 2L, 3L, 3L, 5L, 5L);
        assertThat(training.state()).isEqualTo(ServiceState.FINISHED);
    }

    @Test
    void craftsAgainstTheUpdateThatTheNumberDecidesWhereStalenessIsExact() {
        RunSpecification run = TinyRun.with(Map.of("staleness.exactly", "3"));
        for (long number = 0; number < TinyRun.BATCHES; number++) {
            clean.append(number, TinyRun.clean(number));
        }
        Training whole = craftingAll(new Training(run, clock), Training.fresh(run), adversarial, TO_THE_END);
        assertThat(whole.crafted()).extracting(batch -> ((Crafted) batch.getResult()).getStep())
                .containsExactly(0L, 0L, 0L, 0L, 0L, 2L, 2L, 4L);
        assertThat(whole.steps()).extracting(TrainingStep::getStaleness).containsExactly(0L, 1L, 2L, 3L, 4L, 3L, 4L, 3L);

        AtomicInteger asked = new AtomicInteger();
        RecordLog<Long, AdversarialBatch> answers = new RecordLog<>("tiny.adversarial-batches", 2, 16);
        Training before = craftingAll(new Training(run, clock), Training.fresh(run), answers, () -> asked.incrementAndGet() < 30);
        assertThat(before.steps()).as("stopped in the middle").hasSizeBetween(4, 6);
        Training after = craftingAll(new Training(run, clock).after(before), before.next(), answers.again(),
                TO_THE_END);
        assertThat(after.updates()).as("what is looked up is what was published").extracting(ModelUpdate::getSha256)
                .containsExactlyElementsOf(whole.updates().stream().skip(before.updates().size())
                        .map(ModelUpdate::getSha256).toList());
    }

    /** What the trainer publishes arrives as if from an attacker. */
    private Training craftingAll(Training training, StartingPoint start,
            RecordLog<Long, AdversarialBatch> answers, BooleanSupplier goesOn) {
        AtomicInteger arrived = new AtomicInteger();
        return training.train(start, clean.again(), answers, () -> {
            training.crafted().stream().skip(arrived.get()).forEach(batch -> {
                answers.append(batch.getBatchNumber(), batch);
                arrived.incrementAndGet();
            });
            clock.forward(Duration.ofSeconds(10));
            return goesOn.getAsBoolean();
        });
    }

    @Test
    void isPatientWithAttackersAsLongAsTheRunSays() {
        clean.append(0, TinyRun.clean(0));
        AtomicInteger asked = new AtomicInteger();
        Training training = training(() -> {
            clock.forward(Duration.ofSeconds(1));
            return asked.incrementAndGet() <= 30;
        });
        assertThat(training.crafted()).isEmpty();
        assertThat(training.state()).isEqualTo(ServiceState.WAITING);
    }

    @Test
    void neverPublishesWeightsThatAreNoNumbers() {
        appendAll();
        RunSpecification run = TinyRun.with(Map.of("publishing.interval", "1", "evaluation.every", "1",
                "optimizer.learningRate", "3e38"));
        Training training = new Training(run, clock);
        assertThatIllegalStateException()
                .isThrownBy(() -> training.train(Training.fresh(run), clean.again(), adversarial.again(), TO_THE_END));
        assertThat(training.updates()).isNotEmpty().allSatisfy(update -> {
            byte[] weights = new byte[update.getBytes().remaining()];
            update.getBytes().duplicate().get(weights);
            assertThat(SafeTensors.decode(weights).allFinite()).isTrue();
        });
    }

    @Test
    void aRollbackGoesOnFromTheCheckpointInANewIncarnation() {
        appendAll();
        AtomicReference<RunRequests> requests = new AtomicReference<>(RunRequests.NONE);
        AtomicInteger asked = new AtomicInteger();
        Training training = new Training(TinyRun.RUN, clock, requests::get);
        training.train(Training.fresh(), clean.again(), adversarial.again(), () -> {
            if (asked.incrementAndGet() == 6) {
                // five batches have their outcome; the third interval's end is the first moment for it
                requests.set(rollback(1, 0, 3));
            }
            return true;
        });

        assertThat(training.updates()).extracting(ModelUpdate::getIncarnation, ModelUpdate::getStep, ModelUpdate::getNextBatch)
                .containsExactly(tuple(0, 0L, 0L), tuple(0, 2L, 2L), tuple(0, 3L, 4L), tuple(0, 5L, 6L),
                        tuple(1, 3L, 6L), tuple(1, 5L, 8L));
        assertThat(training.updates().get(4).getSha256()).isEqualTo(training.updates().get(2).getSha256());
        assertThat(training.checkpoints()).extracting(SavedState::identity).contains(new UpdateIdentity(1, 3));
        assertThat(training.checkpoints().get(2).optimizer()).isEqualTo(training.checkpoints().get(1).optimizer());
        assertThat(training.steps()).as("one outcome a number").extracting(TrainingStep::getBatchNumber)
                .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(training.steps()).extracting(TrainingStep::getStaleness).as("crafted in incarnation 0")
                .containsExactly(0L, 1L, null, 2L, 3L, 4L, null, null);
        Training again = new Training(TinyRun.RUN, clock, requests::get).train(training.next(), clean.again(),
                adversarial.again(), TO_THE_END);
        assertThat(again.topics()).as("what has been done is not done again").isEmpty();
    }

    @Test
    void aRollbackAskedForWhileNobodyLedIsDoneThoughTheWeightsAreNotReachedAgain() {
        appendAll();
        Training before = training(batches(6));
        StartingPoint start = before.next();
        List<TrainingStep> tampered = start.steps().stream()
                .map(step -> TrainingStep.newBuilder(step).setOutcome(Outcome.DROPPED).build()).toList();
        Training training = new Training(TinyRun.RUN, clock, () -> rollback(1, 0, 3)).after(before).train(
                new StartingPoint(start.program(), start.programSha256(), start.versions(), start.state(), tampered, false),
                clean.again(), adversarial.again(), TO_THE_END);

        assertThat(training.updates()).extracting(ModelUpdate::getIncarnation, ModelUpdate::getStep, ModelUpdate::getNextBatch)
                .containsExactly(tuple(1, 3L, 6L), tuple(1, 5L, 8L));
        assertThat(training.checkpoints().get(0).weights()).isEqualTo(start.state().weights());
    }

    @Test
    void aRollbackToACheckpointThatIsGoneLeavesTheRunAsItIs() {
        appendAll();
        Training training = new Training(TinyRun.RUN, clock, () -> rollback(1, 0, 77));
        training.train(Training.fresh(), clean.again(), adversarial.again(), TO_THE_END);
        assertThat(training.updates()).isEqualTo(training(TO_THE_END).updates());
    }

    @Test
    void aPausedRunWaitsAtItsNextUpdate() {
        appendAll();
        AtomicReference<RunRequests> requests = new AtomicReference<>(RunRequests.NONE);
        AtomicInteger asked = new AtomicInteger();
        Training training = new Training(TinyRun.RUN, clock, requests::get);
        List<Integer> seen = new ArrayList<>();
        training.train(Training.fresh(), clean.again(), adversarial.again(), () -> {
            int now = asked.incrementAndGet();
            if (now == 4) {
                requests.set(new RunRequests(RunState.PAUSED, Optional.empty(), new SpecificationVersions(List.of())));
            } else if (now == 8) {
                assertThat(training.state()).isEqualTo(ServiceState.PAUSED);
                seen.add(training.steps().size());
                requests.set(RunRequests.NONE);
            }
            return true;
        });

        assertThat(seen).as("the interval under way was ended").containsExactly(4);
        assertThat(training.updates()).isEqualTo(training(TO_THE_END).updates());
    }

    @Test
    void anotherVersionHoldsFromItsBatchOnAndAfterARestart() {
        appendAll();
        SpecificationVersion second = SpecificationVersions.of(TinyRun.RUN)
                .next(TinyRun.with(Map.of("optimizer.learningRate", "0.001", "objective.lambda", "0.5")), 5);
        Supplier<RunRequests> changed = () -> new RunRequests(RunState.RUNNING, Optional.empty(), new SpecificationVersions(
                List.of(Training.fresh().versions().newest(), second)));
        Training whole = new Training(TinyRun.RUN, clock, changed).train(Training.fresh(), clean.again(), adversarial.again(),
                TO_THE_END);

        assertThat(whole.steps()).extracting(TrainingStep::getSpecificationVersion).containsExactly(1, 1, 1, 1, 1, 2, 2, 2);
        assertThat(whole.steps()).extracting(TrainingStep::getLearningRate)
                .containsExactly(0.05f, 0.05f, 0f, 0.05f, 0.05f, 0.001f, 0.001f, 0.001f);
        Training before = new Training(TinyRun.RUN, clock, changed).train(Training.fresh(), clean.again(), adversarial.again(),
                batches(6));
        // whoever restarts knows the recorded versions, whatever was asked for since
        Training after = new Training(TinyRun.RUN, clock, changed).train(before.next(), clean.again(), adversarial.again(),
                TO_THE_END);
        assertThat(after.updates()).containsExactlyElementsOf(whole.updates().subList(4, 5));
        Training plain = training(TO_THE_END);
        assertThat(plain.updates().subList(0, 3)).isEqualTo(whole.updates().subList(0, 3));
        assertThat(plain.updates().get(4).getSha256()).isNotEqualTo(whole.updates().get(4).getSha256());
    }

    /** Batch 3 is not there although 5, of its partition, is; whoever goes on after a restart finds the same. */
    @Test
    void aNumberThatWasSkippedIsRefusedAsAGapAndStaysSo() {
        for (long number : new long[] {0, 1, 2, 4, 5, 6, 7}) {
            clean.append(number, TinyRun.clean(number));
            adversarial.append(number, adversarial(number));
        }
        adversarial.append(3, adversarial(3));
        Training whole = training(TO_THE_END);
        assertThat(whole.steps()).extracting(TrainingStep::getBatchNumber).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
        TrainingStep gap = whole.steps().get(3);
        assertThat(gap.getOutcome()).isEqualTo(Outcome.REFUSED);
        assertThat(gap.getReason()).startsWith("gap: ");
        assertThat(gap.getAdversarialOffset()).isNull();
        assertThat(gap.getStep()).isEqualTo(2);
        for (int stop = 0; stop <= TinyRun.BATCHES; stop++) {
            if (stop == 4) {
                // somebody sends it after all, too late: from here on it has its outcome
                clean.append(3, TinyRun.clean(3));
            }
            Training before = stop < 4 ? training(batches(stop)) : whole;
            StartingPoint start = stop < 4 ? before.next() : at(whole.checkpoints().get(0), whole.steps().subList(0, stop));
            Training after = again(start, TO_THE_END);
            assertThat(Stream.concat((stop < 4 ? before.steps() : whole.steps().subList(0, stop)).stream(), after.steps().stream()))
                    .as("stopped after %d", stop).containsExactlyElementsOf(whole.steps());
        }
    }

    private static RunRequests rollback(int incarnation, int checkpointIncarnation, long checkpointStep) {
        return new RunRequests(RunState.RUNNING, Optional.of(new Rollback(incarnation, checkpointIncarnation, checkpointStep,
                Instant.EPOCH)), new SpecificationVersions(List.of()));
    }

    private static StartingPoint at(SavedState state, List<TrainingStep> steps) {
        return new StartingPoint(TinyRun.PROGRAM, state.programSha256(), Training.fresh().versions(), state, steps, false);
    }

    private void appendAll() {
        for (long number = 0; number < TinyRun.BATCHES; number++) {
            clean.append(number, TinyRun.clean(number));
            adversarial.append(number, adversarial(number));
        }
    }

    private static AdversarialBatch adversarial(long number) {
        return number == 2 ? TinyRun.refused(2, "for a test") : TinyRun.crafted(TinyRun.clean(number), 0);
    }

    /** Goes on for so many batches that are all there. */
    private static BooleanSupplier batches(int count) {
        AtomicInteger asked = new AtomicInteger();
        return () -> asked.getAndIncrement() < count;
    }

    private Training training(BooleanSupplier goesOn) {
        return again(Training.fresh(), goesOn);
    }

    private Training again(StartingPoint start, BooleanSupplier goesOn) {
        return new Training(TinyRun.RUN, clock).train(start, clean.again(), adversarial.again(), goesOn);
    }
}

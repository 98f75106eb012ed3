package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.SafeTensors;
import io.sparring.pipeline.LostPositionException;
import io.sparring.pipeline.RunRequests;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SettableClock;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of batches after which the weights are not finite: eight batches, an update every two. */
class SetbacksTest {

    private static final BooleanSupplier TO_THE_END = () -> true;
    private static final String REASON = "a weight is NaN or infinite after it";

    private final SettableClock clock = new SettableClock();
    private final RecordLog<Long, ImageBatch> clean = new RecordLog<>("tiny.clean-batches", 2, 16);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RunSpecification run = TinyRun.with(Map.of("optimizer.notFinite", "refuse"));
    private final List<TrainingStep> steps = new ArrayList<>();
    private final List<ModelUpdate> updates = new ArrayList<>();
    private SavedState newest;
    private Setbacks setbacks = new Setbacks(run, meters);

    @BeforeEach
    void append() {
        for (long number = 0; number < TinyRun.BATCHES; number++) {
            clean.append(number, TinyRun.clean(number));
        }
    }

    /** The first of an interval shows in the loss of the next batch, the last of one when it is to be published. */
    @ParameterizedTest
    @ValueSource(longs = {0, 3, 6, 7})
    void theBatchThatIsTheCauseIsRefusedAndOnlyIt(long number) {
        StartingPoint start = Training.fresh(run);
        int sessions = trainOn(start, Set.of(number), TO_THE_END);

        assertThat(sessions).as("one finds that there is something, one finds what, one goes on").isEqualTo(3);
        assertRefused(Set.of(number));
        assertThat(updates).extracting(ModelUpdate::getSha256).as("as if an attacker had refused it")
                .containsExactlyElementsOf(updatesWithout(number));
        assertThat(meters.get("sparring.setbacks").counter().count()).isEqualTo(2);
        assertThat(setbacks.careful()).isFalse();
    }

    @Test
    void eachOfSeveralIsRefusedAndTheRunEnds() {
        Set<Long> all = Set.of(0L, 1L, 4L, 5L, 7L);
        trainOn(Training.fresh(run), all, TO_THE_END);
        assertRefused(all);
    }

    @Test
    void whoLosesItsPositionBeginsAgainAtANewerCheckpointOnly() {
        LostPositionException lost = new LostPositionException("lost position: tiny.clean-batches-1 offset 0 is wanted", null);
        setbacks.goBack(lost, new UpdateIdentity(0, 4));
        setbacks.goBack(lost, new UpdateIdentity(0, 8));
        assertThatThrownBy(() -> setbacks.goBack(lost, new UpdateIdentity(0, 8))).isSameAs(lost);
    }

    /** Nothing is committed until the whole interval is, so the next leader begins as this one did. */
    @Test
    void aCrashBetweenLosesNothing() {
        AtomicInteger taken = new AtomicInteger();
        // the trainer goes down as it takes batch 6 for the second time
        trainOn(Training.fresh(run), Set.of(6L), () -> taken.getAndIncrement() < 11);
        assertThat(steps).hasSize(6);
        setbacks = new Setbacks(run, meters);

        trainOn(next(), Set.of(6L), TO_THE_END);
        assertRefused(Set.of(6L));
        assertThat(updates).extracting(ModelUpdate::getSha256).containsExactlyElementsOf(updatesWithout(6));
    }

    @Test
    void aRestartSkipsWhatWasRefusedAndReachesTheRecordedWeights() {
        AtomicBoolean refused = new AtomicBoolean();
        // until what was refused is committed, and is not kept in mind any more
        trainOn(Training.fresh(run), Set.of(5L), () -> {
            boolean known = setbacks.reason(5).isPresent();
            refused.compareAndSet(false, known);
            return known || !refused.get();
        });
        assertThat(steps).hasSize(6).last().extracting(TrainingStep::getOutcome).isEqualTo(Outcome.REFUSED);
        assertThat(newest.position().getNextBatch()).as("so that they are applied again").isEqualTo(4);
        setbacks = new Setbacks(run, meters);

        assertThat(trainOn(next(), Set.of(5L), TO_THE_END)).isEqualTo(1);
        assertRefused(Set.of(5L));
        assertThat(updates).extracting(ModelUpdate::getIncarnation).containsOnly(0);
    }

    @Test
    void aRunThatIsToStopDoesAndNamesTheBatch() {
        RunSpecification stops = TinyRun.with(Map.of("optimizer.notFinite", "stop"));
        setbacks = new Setbacks(stops, meters);
        StartingPoint start = Training.fresh(stops);
        assertThatExceptionOfType(NotFiniteException.class).isThrownBy(() -> trainOn(start, Set.of(3L), TO_THE_END))
                .withMessageStartingWith("batch 3: a weight is NaN or infinite after it; not published");
        assertThatExceptionOfType(NotFiniteException.class).isThrownBy(() -> trainOn(start, Set.of(2L), TO_THE_END))
                .withMessageStartingWith("batch 3: the loss is NaN; so the weights are of no use any more: lower "
                        + "optimizer.learningRate (0.05 at this batch)");
        assertThat(updates).isNotEmpty().allSatisfy(update ->
                assertThat(SafeTensors.decode(update.getBytes().array()).allFinite()).isTrue());
    }

    /** Such as a committed batch that this machine cannot apply again. */
    @Test
    void whatIsFoundAgainAfterItWasRefusedIsNotGoneBackFromForEver() {
        NotFiniteException found = new NotFiniteException(5, "the loss is NaN", "so it is");
        setbacks.goBack(found);
        assertThat(setbacks.careful()).isTrue();
        assertThat(setbacks.reason(5)).as("the cause is not known yet").isEmpty();
        setbacks.goBack(found);
        assertThat(setbacks.reason(5)).contains("the loss is NaN");
        assertThatExceptionOfType(NotFiniteException.class).isThrownBy(() -> setbacks.goBack(found)).isSameAs(found);
    }

    private void assertRefused(Set<Long> numbers) {
        assertThat(steps).extracting(TrainingStep::getBatchNumber)
                .containsExactlyElementsOf(LongStream.range(0, TinyRun.BATCHES).boxed().toList());
        assertThat(steps).allSatisfy(step -> {
            boolean refused = numbers.contains(step.getBatchNumber());
            assertThat(step.getOutcome()).isEqualTo(refused ? Outcome.REFUSED : Outcome.TRAINED);
            assertThat(step.getReason()).isEqualTo(refused ? REASON : null);
            assertThat(step.getImages()).isEqualTo(refused ? 0 : TinyRun.IMAGES);
        });
        assertThat(steps.get(TinyRun.BATCHES - 1).getStep()).isEqualTo(TinyRun.BATCHES - numbers.size());
    }

    private List<String> updatesWithout(long number) {
        RecordLog<Long, AdversarialBatch> refused = new RecordLog<>("tiny.adversarial-batches", 2, 16);
        for (long each = 0; each < TinyRun.BATCHES; each++) {
            refused.append(each, each == number ? TinyRun.refused(each, REASON) : TinyRun.crafted(TinyRun.clean(each), 0));
        }
        return new Training(run, clock).train(Training.fresh(run), clean.again(), refused, TO_THE_END).updates().stream()
                .map(ModelUpdate::getSha256).toList();
    }

    /** As the service does it: a session after another until one ends. Returns how many there were. */
    private int trainOn(StartingPoint first, Set<Long> poison, BooleanSupplier goesOn) {
        StartingPoint start = first;
        for (int sessions = 1;; sessions++) {
            Training training = new Training(run, clock, () -> RunRequests.NONE,
                    program -> PoisonedProgram.of(ModelProgram.load(program, TinyRun.EXECUTION), poison), setbacks);
            try {
                training.train(start, clean.again(), adversarial(), goesOn);
                return sessions;
            } catch (NotFiniteException e) {
                setbacks.goBack(e);
            } finally {
                assertThat(training.counted(Outcome.TRAINED)).as("counted once it is committed").isEqualTo(
                        training.steps().stream().filter(step -> step.getOutcome() == Outcome.TRAINED).count());
                steps.addAll(training.steps());
                updates.addAll(training.updates());
                training.checkpoints().forEach(checkpoint -> newest = checkpoint);
            }
            start = next();
        }
    }

    private StartingPoint next() {
        return new StartingPoint(TinyRun.PROGRAM, Sha256.of(TinyRun.PROGRAM), Training.fresh(run).versions(), newest,
                steps.stream().filter(step -> step.getBatchNumber() >= newest.position().getNextBatch()).toList(), false);
    }

    private static RecordLog<Long, AdversarialBatch> adversarial() {
        RecordLog<Long, AdversarialBatch> adversarial = new RecordLog<>("tiny.adversarial-batches", 2, 16);
        for (long number = 0; number < TinyRun.BATCHES; number++) {
            adversarial.append(number, TinyRun.crafted(TinyRun.clean(number), 0));
        }
        return adversarial;
    }
}

package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import io.sparring.attacker.BatchCrafter;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.Platform;
import io.sparring.learning.SafeTensors;
import io.sparring.pipeline.RunRequests;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.SpecificationVersions;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.Rollback;
import io.sparring.schemas.RunState;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Eight batches, the third of them refused, an update every two, a checkpoint every four. */
class ReplayTest {

    private static final Function<UpdateIdentity, Optional<Update>> NO_OTHERS = identity -> Optional.empty();

    private final SettableClock clock = new SettableClock();
    private final RecordLog<Long, ImageBatch> clean = new RecordLog<>("tiny.clean-batches", 2, 16);
    private final RecordLog<Long, AdversarialBatch> adversarial = new RecordLog<>("tiny.adversarial-batches", 2, 16);

    @Test
    void reachesTheSameWeightsAtEveryPublishingStep() {
        appendAll();
        ReplayResult result = replaying().of(trained(TinyRun.RUN));
        assertThat(result.firstDifference()).isNull();
        assertThat(result).extracting(ReplayResult::batches, ReplayResult::steps, ReplayResult::updates, ReplayResult::identical)
                .containsExactly(8L, 7L, 4L, 4L);
        assertThat(result.allIdentical()).isTrue();
        assertThat(result.beginsAt()).isEqualTo("0/0");
        assertThat(result.incarnations()).containsExactly(new ReplayResult.Incarnation(0, 0, 0, true));
        assertThat(result.recordedPlatforms()).containsExactly(result.platform())
                .containsExactly(Platform.of(TinyRun.EXECUTION).toString());
        assertThat(result.platformDifferences()).isEmpty();
    }

    @Test
    void takesWhatWasDroppedOrRefusedFromItsRecord() {
        appendAll();
        RunSpecification run = TinyRun.with(Map.of("staleness.policy", "drop"));
        Training training = trained(run);
        assertThat(training.steps()).extracting(TrainingStep::getOutcome).contains(Outcome.DROPPED, Outcome.REFUSED);
        ReplayResult result = new Replaying(run, clean, adversarial).of(training);
        assertThat(result.firstDifference()).isNull();
        assertThat(result.identical()).isEqualTo(4);

        // a batch that moved nothing for a reason that is not in it
        List<TrainingStep> steps = Replaying.changed(training.steps(), 2, step -> TrainingStep.newBuilder(step)
                .setAdversarialOffset(null).setReason("the loss was not finite").build());
        assertThat(new Replaying(run, clean, adversarial).of(steps, training.checkpoints()).allIdentical()).isTrue();
    }

    @Test
    void aGapMovesNothingAndWhatIsNoStepOfTheRunIsPassedOver() {
        for (long number : new long[] {0, 1, 2, 4, 5, 6, 7}) {
            clean.append(number, TinyRun.clean(number));
            adversarial.append(number, adversarial(number));
        }
        Training training = trained(TinyRun.RUN);
        List<TrainingStep> steps = new ArrayList<>(training.steps());
        assertThat(steps.get(3)).extracting(TrainingStep::getOutcome, TrainingStep::getAdversarialOffset)
                .containsExactly(Outcome.REFUSED, null);
        steps.add(5, steps.get(1));
        steps.add(7, TrainingStep.newBuilder(steps.get(0)).setBatchNumber(7).build());
        ReplayResult result = replaying().of(steps, training.checkpoints());
        assertThat(result.firstDifference()).isNull();
        assertThat(result).extracting(ReplayResult::batches, ReplayResult::steps, ReplayResult::identical)
                .containsExactly(8L, 6L, 4L);
    }

    @Test
    void aChangedPerturbationIsFoundAtTheNextPublishingStepAndItsBatchIsNamed() {
        appendAll();
        Training training = trained(TinyRun.RUN);
        RecordLog<Long, AdversarialBatch> tampered = new RecordLog<>("tiny.adversarial-batches", 2, 16);
        for (long number = 0; number < TinyRun.BATCHES; number++) {
            byte[] perturbation = TinyRun.perturbation(TinyRun.clean(number));
            perturbation[100] = number == 4 ? 0 : perturbation[100];
            tampered.append(number, number == 2 ? adversarial(2) : TinyRun.crafted(TinyRun.clean(number), 0, perturbation));
        }
        assertThat(TinyRun.perturbation(TinyRun.clean(4))[100]).as("what this test needs of the batch").isNotZero();
        ReplayResult result = new Replaying(TinyRun.RUN, clean, tampered).of(training);
        assertThat(result.firstDifference()).startsWith("update 0/5 after batch 5: the weights have the SHA-256 ")
                .contains(", recorded is " + training.steps().get(5).getWeightsSha256() + "; the first other loss is that of batch 4, ");
        assertThat(result).extracting(ReplayResult::updates, ReplayResult::identical).containsExactly(3L, 2L);
        assertThat(result.allIdentical()).isFalse();
    }

    @Test
    void soIsAnotherRecordedDigestAnotherOutcomeAndAStepThatIsMissing() {
        appendAll();
        Training training = trained(TinyRun.RUN);
        assertThat(tampered(training, 3, step -> step.setWeightsSha256("0".repeat(64)))).startsWith("update 0/3 after batch 3: ")
                .endsWith(", recorded is " + "0".repeat(64));
        assertThat(tampered(training, 2, step -> step.setOutcome(Outcome.TRAINED)))
                .isEqualTo("batch 2: its adversarial batch at offset 1 holds no perturbation");
        assertThat(tampered(training, 4, step -> step.setOutcome(Outcome.REFUSED)))
                .isEqualTo("batch 4: it ends at step 3, recorded is 4");
        assertThat(tampered(training, 4, step -> step.setOutcome(Outcome.REFRESHED).setPerturbationSha256("ab")))
                .startsWith("batch 4: ");
        List<TrainingStep> steps = List.of(training.steps().get(1), training.steps().get(2), training.steps().get(3));
        assertThat(replaying().of(steps, training.checkpoints()).firstDifference())
                .isEqualTo("batch 1: it ends at step 1, recorded is 2");
    }

    private String tampered(Training training, int which, Function<TrainingStep.Builder, TrainingStep.Builder> change) {
        return replaying().of(Replaying.changed(training.steps(), which, step -> change.apply(TrainingStep.newBuilder(step)).build()),
                training.checkpoints()).firstDifference();
    }

    @Test
    void takesTheRecordedCopyAndNotTheFirst() {
        appendAll();
        Training training = trained(TinyRun.RUN);
        RecordLog<Long, AdversarialBatch> twice = new RecordLog<>("tiny.adversarial-batches", 2, 16);
        for (long number = 0; number < TinyRun.BATCHES; number++) {
            ImageBatch batch = TinyRun.clean(number);
            twice.append(number, TinyRun.crafted(batch, 0, new byte[batch.getPixels().remaining()]));
            twice.append(number, adversarial(number));
        }
        List<TrainingStep> steps = training.steps().stream().map(step -> TrainingStep.newBuilder(step)
                .setAdversarialOffset(2 * step.getAdversarialOffset() + 1).build()).toList();
        assertThat(new Replaying(TinyRun.RUN, clean, twice).of(steps, training.checkpoints()).identical()).isEqualTo(4);
        assertThat(new Replaying(TinyRun.RUN, clean, twice).of(training).identical()).as("other copies").isZero();
    }

    @Test
    void passesOverCleanCopiesThatTheBatchWasNotCraftedFrom() {
        clean.append(1, TinyRun.clean(1, 4, 4));
        clean.append(0, 0L, null);
        appendAll();
        RecordLog<Long, ImageBatch> plain = new RecordLog<>("tiny.clean-batches", 2, 16);
        for (long number = 0; number < TinyRun.BATCHES; number++) {
            plain.append(number, TinyRun.clean(number));
        }
        Training training = new Training(TinyRun.RUN, clock).train(Training.fresh(), plain, adversarial.again(), () -> true);
        assertThat(replaying().of(training).identical()).isEqualTo(4);
    }

    @Test
    void goesOnFromTheCheckpointThatARollbackPublished() {
        appendAll();
        AtomicReference<RunRequests> requests = new AtomicReference<>(RunRequests.NONE);
        AtomicInteger asked = new AtomicInteger();
        Training training = new Training(TinyRun.RUN, clock, requests::get);
        training.train(Training.fresh(), clean.again(), adversarial.again(), () -> {
            if (asked.incrementAndGet() == 6) {
                requests.set(new RunRequests(RunState.RUNNING, Optional.of(new Rollback(1, 0, 3L, Instant.EPOCH)),
                        new SpecificationVersions(List.of())));
            }
            return true;
        });
        Replaying replaying = replaying();
        ReplayResult result = replaying.of(training);
        assertThat(result.firstDifference()).isNull();
        assertThat(result.identical()).isEqualTo(4);
        assertThat(result.incarnations()).extracting(ReplayResult.Incarnation::incarnation, ReplayResult.Incarnation::step,
                ReplayResult.Incarnation::batch, ReplayResult.Incarnation::continuous)
                .containsExactly(tuple(0, 0L, 0L, true), tuple(1, 3L, 6L, false));
        assertThat(replaying.said).contains("incarnation 1 begins at step 3 with batch 6, with the weights of its checkpoint");

        List<SavedState> without = training.checkpoints().stream().filter(state -> state.identity().incarnation() == 0).toList();
        assertThatIllegalStateException().isThrownBy(() -> replaying().of(training.steps(), without)).withMessage("checkpoint 1/3, "
                + "with which incarnation 1 began, is not in the log any more, or damaged");
    }

    @Test
    void anIncarnationMayGoOnWithTheSameWeights() {
        appendAll();
        Training before = trained(TinyRun.RUN, 6);
        StartingPoint start = before.next();
        Training after = new Training(TinyRun.RUN, clock).train(new StartingPoint(start.program(), start.programSha256(),
                start.versions(), start.state(), Replaying.changed(start.steps(), 1, step -> TrainingStep.newBuilder(step)
                        .setWeightsSha256("0".repeat(64)).build()), false), clean.again(), adversarial.again(), () -> true);
        List<TrainingStep> steps = List.of(before.steps(), after.steps()).stream().flatMap(List::stream).toList();
        List<SavedState> checkpoints = List.of(before.checkpoints(), after.checkpoints()).stream().flatMap(List::stream).toList();
        assertThat(replaying().of(steps, checkpoints).incarnations())
                .containsExactly(new ReplayResult.Incarnation(0, 0, 0, true), new ReplayResult.Incarnation(1, 5, 6, true));
    }

    @Test
    void endsAfterTheStepThatIsNamed() {
        appendAll();
        Training training = trained(TinyRun.RUN);
        assertThat(replaying().until(3).of(training)).extracting(ReplayResult::batches, ReplayResult::steps, ReplayResult::updates,
                ReplayResult::identical).containsExactly(4L, 3L, 2L, 2L);
        assertThat(replaying().until(4).of(training)).extracting(ReplayResult::steps, ReplayResult::updates).containsExactly(4L, 2L);
        ReplayResult none = replaying().until(1).of(training);
        assertThat(none.firstDifference()).isNull();
        assertThat(none.allIdentical()).as("nothing was compared").isFalse();
    }

    @Test
    void beginsAtTheOldestCheckpointOfATrimmedLog() {
        appendAll();
        Training training = trained(TinyRun.RUN);
        clean.trim(0, 2);
        adversarial.trim(1, 2);
        List<SavedState> kept = training.checkpoints().subList(1, 3);
        ReplayResult result = replaying().recrafting(NO_OTHERS).of(training.steps(), kept);
        assertThat(result.beginsAt()).isEqualTo("0/3");
        assertThat(result).extracting(ReplayResult::batches, ReplayResult::updates, ReplayResult::identical)
                .containsExactly(4L, 2L, 2L);
        assertThat(result.updatesGone()).as("all were crafted against 0/0").isEqualTo(4);
    }

    @Test
    void craftsEveryBatchAgain() {
        Training training = crafting();
        ReplayResult result = replaying().recrafting(NO_OTHERS).of(training);
        assertThat(result.firstDifference()).isNull();
        assertThat(result).extracting(ReplayResult::recrafted, ReplayResult::recraftedIdentical, ReplayResult::updatesGone)
                .containsExactly(8L, 8L, 0L);
    }

    @Test
    void namesTheFirstBatchThatIsCraftedOtherwiseAndGoesOn() {
        Training training = crafting();
        RecordLog<Long, AdversarialBatch> tampered = new RecordLog<>("tiny.adversarial-batches", 2, 16);
        for (AdversarialBatch batch : training.crafted()) {
            Crafted crafted = (Crafted) batch.getResult();
            tampered.append(batch.getBatchNumber(), batch.getBatchNumber() != 5 ? batch
                    : AdversarialBatch.newBuilder(batch).setResult(Crafted.newBuilder(crafted).setSeed(9L).build()).build());
        }
        ReplayResult result = new Replaying(TinyRun.RUN, clean, tampered).recrafting(NO_OTHERS).of(training);
        assertThat(result.firstDifference()).startsWith("batch 5, crafted again from update 0/4, has another seed: ")
                .endsWith(" instead of 9");
        assertThat(result).extracting(ReplayResult::recrafted, ReplayResult::recraftedIdentical, ReplayResult::identical)
                .containsExactly(8L, 7L, 4L);
    }

    @Test
    void aBatchThatWasCraftedWithAnotherSeedHasAnotherPerturbation() {
        RunSpecification other = TinyRun.with(Map.of("seed", "8"));
        for (long number = 0; number < TinyRun.BATCHES; number++) {
            clean.append(number, TinyRun.clean(number));
        }
        Update first = new Update(new UpdateIdentity(0, 0), 0, 0, false, "", "",
                SafeTensors.encode(TinyRun.initialWeights(), Map.of()));
        try (ModelProgram program = ModelProgram.load(TinyRun.PROGRAM, TinyRun.EXECUTION)) {
            for (long number = 0; number < TinyRun.BATCHES; number++) {
                AdversarialBatch made = new BatchCrafter(number == 3 ? other : TinyRun.RUN, program, "attacker-1", clock)
                        .craft(TinyRun.clean(number), first);
                adversarial.append(number, made);
            }
        }
        ReplayResult result = replaying().recrafting(identity -> Optional.of(first)).of(trained(TinyRun.RUN));
        assertThat(result.firstDifference()).startsWith("batch 3, crafted again from update 0/0, has another ");
        assertThat(result).extracting(ReplayResult::recrafted, ReplayResult::recraftedIdentical).containsExactly(8L, 7L);
    }

    @Test
    void saysInWhatAnotherMachineDiffers() {
        appendAll();
        Training training = trained(TinyRun.RUN);
        Platform here = Platform.of(TinyRun.EXECUTION);
        Platform other = new Platform("linux-arm64", here.tensorFlow(), "cpu", here.precision(), here.threads(), "asimd");
        List<TrainingStep> steps = training.steps().stream().map(step -> step.getComputedOn() == null ? step
                : TrainingStep.newBuilder(step).setComputedOn(other.toString()).build()).toList();
        Replaying replaying = replaying();
        ReplayResult result = replaying.of(steps, training.checkpoints());
        assertThat(result.recordedPlatforms()).containsExactly(other.toString());
        assertThat(result.platformDifferences()).isEqualTo(other.differences(here)).isNotEmpty();
        assertThat(replaying.said).hasSize(1).first().asString().startsWith("this does not compute as was recorded");
    }

    @Test
    void computesInTheRecordedPrecisionWhateverTheRunSays() {
        appendAll();
        RunSpecification run = TinyRun.with(Map.of("network.precision", "bfloat16"));
        ReplayResult result = new Replaying(run, clean, adversarial).of(trained(run));
        assertThat(result.platform()).as("recorded by a session in float32").contains(", float32, ");
        assertThat(result.identical()).isEqualTo(4);
    }

    @Test
    void aBatchThatIsNotInTheLogIsAnErrorThatSaysWhere() {
        appendAll();
        Training training = trained(TinyRun.RUN);
        assertThatIllegalStateException().isThrownBy(() -> replaying().of(Replaying.changed(training.steps(), 5,
                step -> TrainingStep.newBuilder(step).setAdversarialOffset(77L).build()), training.checkpoints()))
                .withMessageContaining("is not in the log: wanted of tiny.adversarial-batches-1 at offset 77; the first offset is 0");
    }

    private Replaying replaying() {
        return new Replaying(TinyRun.RUN, clean, adversarial);
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

    private Training trained(RunSpecification run) {
        return trained(run, Integer.MAX_VALUE);
    }

    private Training trained(RunSpecification run, int batches) {
        AtomicInteger asked = new AtomicInteger();
        return new Training(run, clock).train(Training.fresh(run), clean.again(), adversarial.again(),
                () -> asked.getAndIncrement() < batches);
    }

    /** A run all of whose batches the trainer crafts itself, from the newest update. */
    private Training crafting() {
        for (long number = 0; number < TinyRun.BATCHES; number++) {
            clean.append(number, TinyRun.clean(number));
        }
        Training training = new Training(TinyRun.RUN, clock);
        AtomicInteger arrived = new AtomicInteger();
        return training.train(Training.fresh(), clean.again(), adversarial, () -> {
            training.crafted().stream().skip(arrived.get()).forEach(batch -> {
                adversarial.append(batch.getBatchNumber(), batch);
                arrived.incrementAndGet();
            });
            clock.forward(Duration.ofSeconds(10));
            return true;
        });
    }
}

package io.sparring.trainer;

import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.SafeTensors;
import io.sparring.learning.Tensors;
import io.sparring.pipeline.BatchCheck;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SpecificationVersions;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.Received;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Trains again as recorded: the batches that moved the weights, in the recorded order, on the recorded copies. What was dropped or
 * refused is taken from its record, since the reason may not be in the batch.
 */
final class ReplaySession implements AutoCloseable {

    private final RunSpecification run;
    private final SpecificationVersions versions;
    private final RecordedBatches<ImageBatch> clean;
    private final RecordedBatches<AdversarialBatch> adversarial;
    private final Function<UpdateIdentity, Optional<SavedState>> checkpoints;
    private final Map<UpdateIdentity, String> averages;
    private final ReplayPrograms programs;
    private final Optional<Recrafting> recrafting;
    private final ReplayTally tally;
    private final Clock clock;
    private SavedState beginning;
    private ExecutionSettings execution;
    private ModelProgram program;
    private Learner learner;

    /**
     * @param beginning the checkpoint that the replay begins with
     * @param clean closed with this, as is {@code adversarial}
     * @param checkpoints finds the one of an identity, with which an incarnation began
     * @param averages the recorded SHA-256 of averaged weights, of the updates that have them
     * @param recrafting closed with this; none if no batch is to be crafted again
     */
    ReplaySession(RunSpecification run, SpecificationVersions versions, SavedState beginning, RecordedBatches<ImageBatch> clean,
            RecordedBatches<AdversarialBatch> adversarial, Function<UpdateIdentity, Optional<SavedState>> checkpoints,
            Map<UpdateIdentity, String> averages, ReplayPrograms programs, Optional<Recrafting> recrafting, ReplayTally tally, Clock clock) {
        this.run = run;
        this.versions = versions;
        this.beginning = beginning;
        this.clean = clean;
        this.adversarial = adversarial;
        this.checkpoints = checkpoints;
        this.averages = averages;
        this.programs = programs;
        this.recrafting = recrafting;
        this.tally = tally;
        this.clock = clock;
    }

    /**
     * Trains on the batches of some training steps, which were computed on one platform.
     *
     * @param computedOn null where that was not recorded
     * @return whether the weights are the recorded ones up to now
     * @throws IllegalStateException if the log lacks what they need
     */
    boolean replay(List<TrainingStep> steps, String computedOn) {
        computeWith(programs.settings(computedOn));
        tally.trainedOn(computedOn, program.platform());
        for (TrainingStep recorded : steps) {
            if (beginning != null) {
                begin(recorded);
            }
            if (recorded.getIncarnation() != learner.incarnation()) {
                beginIncarnation(recorded);
            }
            if (!replay(recorded)) {
                return false;
            }
        }
        return true;
    }

    /** Has the same weights in a session with those settings. */
    private void computeWith(ExecutionSettings wanted) {
        if (wanted.equals(execution)) {
            return;
        }
        SavedState state = beginning == null ? now() : beginning;
        if (program != null) {
            program.close();
        }
        execution = wanted;
        program = programs.load(wanted);
        goOnFrom(state.identity(), state);
    }

    private void begin(TrainingStep first) {
        tally.incarnation(beginning.identity().incarnation(), beginning.identity().step(), first.getBatchNumber(), true);
        beginning = null;
    }

    /** After a rollback, or where a restarted trainer did not reach its weights again: it published what it went on with. */
    private void beginIncarnation(TrainingStep first) {
        UpdateIdentity identity = new UpdateIdentity(first.getIncarnation(), first.getStep() - (moves(first) ? 1 : 0));
        SavedState state = checkpoints.apply(identity).orElseThrow(() -> new IllegalStateException("checkpoint " + identity
                + ", with which incarnation " + identity.incarnation() + " began, is not in the log any more, or damaged"));
        SavedState before = now();
        goOnFrom(identity, state);
        SavedState after = now();
        tally.incarnation(identity.incarnation(), identity.step(), first.getBatchNumber(),
                before.weights().equals(after.weights()) && before.optimizer().equals(after.optimizer())
                        && before.averaged().equals(after.averaged()));
    }

    private void goOnFrom(UpdateIdentity identity, SavedState state) {
        state.assignTo(program);
        learner = new Learner(run, () -> versions, program, identity.incarnation(), identity.step(), clock);
        recrafting.ifPresent(crafts -> crafts.reached(update(weights())));
    }

    private SavedState now() {
        return SavedState.of(new UpdateIdentity(learner.incarnation(), learner.step()), null, "", program);
    }

    private static boolean moves(TrainingStep step) {
        return step.getOutcome() == Outcome.TRAINED || step.getOutcome() == Outcome.REFRESHED;
    }

    private boolean replay(TrainingStep recorded) {
        tally.batch(moves(recorded));
        Optional<String> problem = recorded.getOutcome() == Outcome.REFUSED ? Optional.empty() : take(recorded);
        if (problem.isEmpty() && learner.step() != recorded.getStep()) {
            problem = Optional.of("it ends at step " + learner.step() + ", recorded is " + recorded.getStep());
        }
        if (problem.isPresent()) {
            tally.differs("batch " + recorded.getBatchNumber() + ": " + problem.get());
            return false;
        }
        if (recorded.getWeightsSha256() == null) {
            return true;
        }
        byte[] weights = weights();
        boolean same = tally.weights(recorded, Sha256.of(weights));
        if (same) {
            recrafting.ifPresent(crafts -> crafts.reached(update(weights)));
        }
        String average = averages.get(new UpdateIdentity(recorded.getIncarnation(), recorded.getStep()));
        return average == null ? same : same && tally.averages(recorded, average, Sha256.of(encoded(program.averaged())));
    }

    /** Takes a batch as it was taken before; says what has come out otherwise. */
    private Optional<String> take(TrainingStep recorded) {
        long number = recorded.getBatchNumber();
        ConsumerRecord<Long, Received<AdversarialBatch>> attacked = adversarial.at(number, recorded.getAdversarialOffset());
        if (attacked.value() == null || !attacked.value().isReadable()
                || !(attacked.value().value().getResult() instanceof Crafted crafted)) {
            return Optional.of("its adversarial batch at offset " + attacked.offset() + " holds no perturbation");
        }
        ConsumerRecord<Long, Received<ImageBatch>> images = clean.copy(number, copy -> BatchCheck.problem(copy).isEmpty()
                && copy.value().value().getSha256().equals(crafted.getCleanSha256()));
        recrafting.ifPresent(crafts -> crafts.check(images.value().value(), crafted));
        Optional<String> difference = moves(recorded) ? train(recorded, images, attacked) : Optional.empty();
        clean.done(images);
        adversarial.done(attacked);
        return difference;
    }

    private Optional<String> train(TrainingStep recorded, ConsumerRecord<Long, Received<ImageBatch>> images,
            ConsumerRecord<Long, Received<AdversarialBatch>> attacked) {
        TrainingStep again = learner.applyAgain(images, attacked, recorded);
        if (again.getOutcome() != recorded.getOutcome()) {
            return Optional.of("it is " + again.getOutcome() + (again.getReason() == null ? "" : " (" + again.getReason() + ")")
                    + ", recorded is " + recorded.getOutcome());
        }
        if (!Objects.equals(again.getPerturbationSha256(), recorded.getPerturbationSha256())) {
            return Optional.of("refreshed, its perturbation has the SHA-256 " + again.getPerturbationSha256() + ", recorded is "
                    + recorded.getPerturbationSha256());
        }
        tally.loss(recorded, again);
        return Optional.empty();
    }

    private byte[] weights() {
        return encoded(program.weights());
    }

    private static byte[] encoded(Tensors tensors) {
        return SafeTensors.encode(tensors, Map.of());
    }

    private Update update(byte[] weights) {
        return new Update(new UpdateIdentity(learner.incarnation(), learner.step()), 0, 0, false, "", Sha256.of(weights), weights);
    }

    @Override
    public void close() {
        recrafting.ifPresent(Recrafting::close);
        if (program != null) {
            program.close();
        }
        clean.close();
        adversarial.close();
    }
}

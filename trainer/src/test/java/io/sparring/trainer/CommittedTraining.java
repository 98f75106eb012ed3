package io.sparring.trainer;

import io.sparring.attacker.BatchCrafter;
import io.sparring.learning.SafeTensors;
import io.sparring.learning.Tensors;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SpecificationVersions;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.Received;
import io.sparring.schemas.Rollback;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.simulation.CommittedBatches;
import io.sparring.simulation.HashingProgram;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What the trainers of a run may commit: that which one trainer without any mishap would have made of the same batches. It
 * trains along, batch by batch, and compares.
 */
public final class CommittedTraining {

    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    private final RunSpecification run;
    private final CommittedBatches batches;
    private final Supplier<Optional<Rollback>> rollback;
    private final HashingProgram program;
    private final Learner learner;
    private final BatchCrafter crafter;
    private final Map<UpdateIdentity, TreeMap<Long, Update>> updates = new HashMap<>();
    private final TreeMap<UpdateIdentity, SavedState> checkpoints = new TreeMap<>();
    private final Function<ConsumerRecord<String, Received<Checkpoint>>, Optional<SavedState>> assembler = SavedState.assembler();
    private UpdateIdentity newestCheckpoint;
    private final TreeSet<Long> above = new TreeSet<>();
    private long next;
    private long highest = -1;

    /** @param rollback the newest that was asked for */
    public CommittedTraining(RunSpecification run, CommittedBatches batches, Supplier<Optional<Rollback>> rollback) {
        this.run = run;
        this.batches = batches;
        this.rollback = rollback;
        SpecificationVersions versions = SpecificationVersions.of(run);
        program = HashingProgram.of(run);
        program.assign(HashingProgram.initial(run.seed()));
        learner = new Learner(run, () -> versions, program, 0, 0, CLOCK);
        crafter = new BatchCrafter(run, HashingProgram.of(run), "anybody", CLOCK);
    }

    /** The lowest number without an outcome. */
    public long next() {
        return next;
    }

    /** The highest number that has its outcome. */
    public long highest() {
        return highest;
    }

    /** How many numbers have their outcome. */
    private long outcomes() {
        return next + above.size();
    }

    /** Digest of the weights that the outcomes so far make. */
    public String weights() {
        return Sha256.of(SafeTensors.encode(program.weights(), Map.of()));
    }

    /** What can be rolled back to; not the newest, which readers may not see yet. */
    public List<UpdateIdentity> olderCheckpoints() {
        return checkpoints.keySet().stream().filter(identity -> !identity.equals(newestCheckpoint)).toList();
    }

    public int incarnation() {
        return learner.incarnation();
    }

    /** A trainer's transaction: the steps since its last one, the update, and the chunks of the checkpoint. */
    public void commit(List<TrainingStep> steps, List<ModelUpdate> published,
            List<ConsumerRecord<String, Received<Checkpoint>>> chunks) {
        require(published.size() == 1, () -> published.size() + " updates in one transaction");
        ModelUpdate update = published.get(0);
        boolean first = updates.isEmpty();
        boolean rolledBack = steps.isEmpty() && rollBack(update);
        for (TrainingStep step : steps) {
            commit(step);
            boolean last = step == steps.get(steps.size() - 1);
            require(Objects.equals(step.getWeightsSha256(), last ? update.getSha256() : null), () -> "weightsSha256 of " + step);
        }
        UpdateIdentity identity = new UpdateIdentity(learner.incarnation(), learner.step());
        require(identity.equals(new UpdateIdentity(update.getIncarnation(), update.getStep())), () -> "update "
                + update.getIncarnation() + "/" + update.getStep() + " where " + identity + " was reached");
        require(update.getSha256().equals(weights()), () -> "update " + identity + " has weights that its batches do not make");
        require(update.getNextBatch() == next, () -> "update " + identity + " says batch " + update.getNextBatch()
                + " is next, not " + next);
        require(first || rolledBack || !steps.isEmpty() && run.publishesAt(outcomes()),
                () -> "update " + identity + " at batch " + next);
        updates.computeIfAbsent(identity, each -> new TreeMap<>()).put(next, update(update));
        require(chunks.isEmpty() != (first || rolledBack || run.checkpointsAt(outcomes())),
                () -> chunks.size() + " chunks of a checkpoint at " + next);
        chunks.forEach(chunk -> assembler.apply(chunk).ifPresent(this::commit));
    }

    /** An adversarial batch: what anybody would have crafted of the same batch and update, no further ahead than the window. */
    public void commit(AdversarialBatch batch) {
        if (batch.getResult() instanceof Crafted crafted) {
            ConsumerRecord<Long, Received<ImageBatch>> clean = batches.clean(batch.getBatchNumber());
            TreeMap<Long, Update> against = updates.get(new UpdateIdentity(crafted.getIncarnation(), crafted.getStep()));
            long number = batch.getBatchNumber();
            require(clean != null && against != null, () -> "batch " + number + " is crafted of nothing, or against it");
            require(number - against.lastKey() <= run.window(), () -> "batch " + number
                    + " is crafted against an update at " + against.keySet() + ", beyond the window");
            require(!run.exact() || against.containsKey(run.craftedAt(number)), () -> "batch " + number
                    + " is crafted against an update at " + against.keySet() + ", not the one that it is to be");
            require(crafter.craft(clean.value().value(), against.lastEntry().getValue()).getResult().equals(crafted),
                    () -> "batch " + number + " cannot be crafted again");
        }
    }

    private void commit(TrainingStep step) {
        long number = step.getBatchNumber();
        require(number >= next && number <= next + run.ahead() && above.add(number),
                () -> "batch " + number + " has its outcome where " + next + " comes next, and " + above + " have theirs");
        ConsumerRecord<Long, Received<AdversarialBatch>> taken = batches.first(number);
        require(batches.clean(number) != null && taken != null, () -> "batch " + number + " has an outcome but is not there");
        TrainingStep expected = TrainingStep.newBuilder(expected(batches.clean(number), taken))
                .setTrainedAt(step.getTrainedAt()).setWeightsSha256(step.getWeightsSha256())
                .setComputedOn(step.getWeightsSha256() == null ? null : program.platform()).build();
        require(expected.equals(step), () -> "step " + step + ", where undisturbed it is " + expected);
        long stalest = run.window() + run.ahead();
        require(step.getOutcome() == Outcome.DROPPED || step.getStaleness() == null || step.getStaleness() <= stalest,
                () -> "batch " + number + " is " + step.getStaleness() + " steps stale");
        highest = Math.max(highest, number);
        while (above.remove(next)) {
            next++;
        }
    }

    /** What makes the loss or a weight NaN is refused, with the weights as they were. */
    private TrainingStep expected(ConsumerRecord<Long, Received<ImageBatch>> clean,
            ConsumerRecord<Long, Received<AdversarialBatch>> taken) {
        Tensors weights = program.weights();
        Tensors optimizer = program.optimizer();
        UpdateIdentity before = new UpdateIdentity(learner.incarnation(), learner.step());
        String reason;
        try {
            TrainingStep step = learner.apply(clean, taken);
            if (program.weights().allFinite()) {
                return step;
            }
            reason = "a weight is NaN or infinite after it";
        } catch (NotFiniteException e) {
            reason = e.reason();
        }
        program.assign(weights, optimizer);
        learner.goOnFrom(before);
        return learner.refuse(clean, taken, reason);
    }

    /** Everything that a trainer needs is in the checkpoint, and nothing it still needs is below the offsets. */
    private void commit(SavedState state) {
        require(state.position().getNextBatch() == next && state.position().getOutcomesAbove().equals(List.copyOf(above)),
                () -> "checkpoint at " + state.position() + ", not " + next + " with " + above);
        require(state.weights().equals(program.weights()) && state.optimizer().equals(program.optimizer()),
                () -> "checkpoint " + state.identity() + " does not hold the weights");
        for (long number : batches.answeredFrom(next)) {
            if (above.contains(number)) {
                continue;
            }
            int partition = batches.clean(number).partition();
            require(batches.clean(number).offset() >= state.position().getCleanOffsets().get(partition)
                    && batches.first(number).offset() >= state.position().getAdversarialOffsets().get(partition),
                    () -> "checkpoint " + state.identity() + " skips batch " + number);
        }
        checkpoints.put(state.identity(), state);
        newestCheckpoint = state.identity();
    }

    private boolean rollBack(ModelUpdate update) {
        if (update.getIncarnation() == learner.incarnation()) {
            return false;
        }
        Rollback asked = rollback.get().orElseThrow(() ->
                new AssertionError("incarnation " + update.getIncarnation() + " begins, though nobody asked for it"));
        require(asked.getIncarnation() == update.getIncarnation(),
                () -> "incarnation " + update.getIncarnation() + " instead of " + asked);
        SavedState state = checkpoints.get(new UpdateIdentity(asked.getCheckpointIncarnation(), asked.getCheckpointStep()));
        state.assignTo(program);
        learner.goOnFrom(new UpdateIdentity(asked.getIncarnation(), state.identity().step()));
        return true;
    }

    private static Update update(ModelUpdate update) {
        byte[] weights = new byte[update.getBytes().remaining()];
        update.getBytes().duplicate().get(weights);
        return new Update(new UpdateIdentity(update.getIncarnation(), update.getStep()), update.getNextBatch(), update.getOutcomes(),
                update.getEvaluate(), update.getProgramSha256(), update.getSha256(), weights);
    }

    private static void require(boolean holds, Supplier<String> violation) {
        if (!holds) {
            throw new AssertionError(violation.get());
        }
    }
}

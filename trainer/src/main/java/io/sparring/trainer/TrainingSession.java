package io.sparring.trainer;

import io.sparring.learning.ModelProgram;
import io.sparring.learning.SafeTensors;
import io.sparring.learning.Tensors;
import io.sparring.pipeline.FaultPoint;
import io.sparring.pipeline.RecentUpdates;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.Traced;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.Received;
import io.sparring.schemas.Rollback;
import io.sparring.schemas.RunState;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** A leader's time: from its starting point to the run's end, or until it is stopped or leads no more. */
final class TrainingSession implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingSession.class);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final String GAP = "gap: no clean batch of this number; allowed: every number, each partition's in order";
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final RunSpecification run;
    private final StartingPoint start;
    private final StagedBatches batches;
    private final Publisher publisher;
    private final ServiceContext context;
    private final Function<UpdateIdentity, Optional<SavedState>> checkpoints;
    private final BooleanSupplier goesOn;
    private final Clock clock;
    private final TrainerMetrics metrics;
    private final Setbacks setbacks;
    private final ModelProgram program;
    private final RecentUpdates recent;
    private final Learner learner;
    private final MissingBatches missing;
    private final TracedSteps traced;
    private final List<TrainingStep> pending = new ArrayList<>();
    private Update published;
    private int impossibleRollback;

    /**
     * Sets the weights to those of the starting point.
     *
     * @param batches positioned at the starting point; closed with this
     * @param programs loads a model program; what it gives is closed with this
     * @param checkpoints finds the one of an identity, to roll back to
     * @param recent what batches are crafted against where the run's staleness is exact
     * @param goesOn asked between batches: whether this trainer leads and is not to stop
     * @param setbacks of sessions before this one since the last update
     */
    TrainingSession(RunSpecification run, StartingPoint start, StagedBatches batches, Publisher publisher,
            ServiceContext context, Function<byte[], ModelProgram> programs,
            Function<UpdateIdentity, Optional<SavedState>> checkpoints, RecentUpdates recent, BooleanSupplier goesOn,
            Clock clock, TrainerMetrics metrics, Setbacks setbacks) {
        this.run = run;
        this.start = start;
        this.batches = batches;
        this.publisher = publisher;
        this.context = context;
        this.checkpoints = checkpoints;
        this.recent = recent;
        this.goesOn = goesOn;
        this.clock = clock;
        this.metrics = metrics;
        this.setbacks = setbacks;
        program = programs.apply(start.program());
        SavedState state = start.state();
        state.assignTo(program);
        learner = new Learner(run, () -> start.versions().orLonger(context.requests().versions()), program,
                state.identity().incarnation(), state.identity().step(), clock);
        traced = new TracedSteps(context.tracing());
        missing = new MissingBatches(run, () -> programs.apply(start.program()), context.instance(), clock);
        reached(update(weights()));
    }

    /**
     * Trains until the run ends, the trainer is stopped or it leads no more.
     *
     * @throws NotFiniteException if the loss or a weight is NaN or infinite; nothing of that is published
     */
    void train() {
        if (!begin()) {
            return;
        }
        while (goesOn.getAsBoolean() && !finished()) {
            advance();
        }
        MDC.remove("batch");
        if (finished()) {
            LOG.info("all {} batches have their outcome, {} were applied", batches.next(), learner.step());
            context.status().state(ServiceState.FINISHED);
        }
    }

    /** Goes on to where the last leader has published; false if interrupted meanwhile. */
    boolean begin() {
        if (!applyAgain()) {
            return false;
        }
        if (start.fresh()) {
            // the initial weights: what the first batches are crafted against
            publish(true);
        }
        return true;
    }

    /** Whether every batch of the run has its outcome. */
    boolean finished() {
        return run.endsBefore(batches.next());
    }

    /** Takes the batch whose turn it is, and publishes if it is time to; if none is there, or the run pauses, waits a moment. */
    void advance() {
        MDC.put("batch", Long.toString(batches.next()));
        Optional<Long> turn = Optional.empty();
        if (pending.isEmpty()) {
            rollBackIfAsked();
        }
        if (pending.isEmpty() && context.requests().state() == RunState.PAUSED) {
            pause();
        } else {
            turn = awaitBatch();
        }
        turn.ifPresent(number -> {
            take(number);
            if (run.publishesAt(batches.outcomes())) {
                publish(run.checkpointsAt(batches.outcomes()));
            }
        });
    }

    /** Goes on from an earlier checkpoint's weights in a new incarnation, if that was asked for and is not done yet. */
    void rollBackIfAsked() {
        context.requests().rollback().ifPresent(asked -> {
            if (asked.getIncarnation() > Math.max(learner.incarnation(), impossibleRollback)) {
                rollBack(asked);
            }
        });
    }

    private void rollBack(Rollback asked) {
        UpdateIdentity identity = new UpdateIdentity(asked.getCheckpointIncarnation(), asked.getCheckpointStep());
        Optional<SavedState> state = checkpoints.apply(identity);
        if (state.isEmpty()) {
            LOG.error("cannot roll back: checkpoint {} is not there any more, or damaged", identity);
            impossibleRollback = asked.getIncarnation();
            return;
        }
        state.get().assignTo(program);
        learner.goOnFrom(new UpdateIdentity(asked.getIncarnation(), identity.step()));
        // with a checkpoint: no later step can be reached from an earlier one
        publish(true);
        // what the weights that are gone could not take, these may
        setbacks.forget();
        LOG.warn("rolled back to checkpoint {}: incarnation {} goes on with batch {}", identity, asked.getIncarnation(),
                batches.next());
    }

    private void pause() {
        context.status().state(ServiceState.PAUSED);
        context.pause(PAUSE);
    }

    /** Applies the steps that were committed after the checkpoint; false if interrupted meanwhile. */
    private boolean applyAgain() {
        boolean reached = true;
        for (TrainingStep recorded : start.steps()) {
            long number = recorded.getBatchNumber();
            // asked before each, for it is this that keeps the lead, and steps take their time
            boolean stays = goesOn.getAsBoolean();
            while (stays && !batches.complete(number) && !isGap(recorded)) {
                batches.poll(POLL);
                stays = goesOn.getAsBoolean();
            }
            if (!stays) {
                return false;
            }
            context.status().state(ServiceState.RUNNING);
            TrainingStep again = next(number, Optional.of(recorded), isGap(recorded));
            FaultPoint.TRAINER_AGAIN.reached();
            reached &= again.getOutcome() == recorded.getOutcome()
                    && Objects.equals(again.getAdversarialOffset(), recorded.getAdversarialOffset());
            if (recorded.getWeightsSha256() != null) {
                learner.incarnation(recorded.getIncarnation());
                Update update = update(weights());
                if (update.sha256().equals(recorded.getWeightsSha256())) {
                    reached(update);
                } else {
                    reached = false;
                }
            }
        }
        if (!start.steps().isEmpty()) {
            LOG.info("applied {} committed batches again, up to batch {}: {}", start.steps().size(), batches.next() - 1,
                    reached ? "the recorded weights are reached" : "the recorded weights are NOT reached");
        }
        int recorded = learner.incarnation();
        if (!reached) {
            // the number that it would take is what a rollback asked for meanwhile has: that would count as done
            rollBackIfAsked();
        }
        if (!reached && learner.incarnation() == recorded) {
            learner.incarnation(recorded + 1);
            LOG.warn("incarnation {} begins at step {}", learner.incarnation(), learner.step());
            // with a checkpoint, so that nobody applies the unreachable steps a second time
            publish(true);
        }
        return true;
    }

    /** The number whose turn it is; waits a moment for one, and crafts the lowest when that has gone on for too long. */
    private Optional<Long> awaitBatch() {
        batches.poll(Duration.ZERO);
        Optional<Long> turn = batches.turn();
        if (turn.isPresent()) {
            missing.found(turn.get());
            return turn;
        }
        long began = System.nanoTime();
        context.status().state(ServiceState.WAITING);
        batches.poll(POLL);
        metrics.waited(Duration.ofNanos(System.nanoTime() - began));
        batches.unanswered().ifPresent(record -> missing.craft(record, this::against).ifPresent(made -> publish(made, record)));
        return turn;
    }

    private void publish(AdversarialBatch made, ConsumerRecord<Long, Received<ImageBatch>> clean) {
        try (Traced sending = traced.crafted(clean, RunTopic.ADVERSARIAL_BATCHES.of(run.run()))) {
            publisher.publish(made, sending);
        }
    }

    /** What the batch of that number is crafted against: as by an attacker. */
    private Update against(long batchNumber) {
        return run.exact() ? recent.at(run.craftedAt(batchNumber)).orElseThrow(() -> new IllegalStateException("batch "
                + batchNumber + ": the update made when batch " + run.craftedAt(batchNumber) + " was next is not kept any more"))
                : published;
    }

    private void take(long batchNumber) {
        MDC.put("batch", Long.toString(batchNumber));
        context.status().state(ServiceState.RUNNING);
        long began = System.nanoTime();
        TrainingStep step = next(batchNumber, Optional.empty(), batches.skipped(batchNumber));
        FaultPoint.TRAINER_STEP.reached();
        pending.add(step);
        if (setbacks.careful()) {
            requireFinite(program.weights(), averaged());
        }
        metrics.took(step, Duration.ofNanos(System.nanoTime() - began));
        context.status().handled(step.getImages());
        context.status().lag(batches.waiting());
        context.status().update(new UpdateIdentity(step.getIncarnation(), step.getStep()));
    }

    /** Whether the outcome was given to a number whose clean batch never came. */
    private static boolean isGap(TrainingStep recorded) {
        return recorded.getOutcome() == Outcome.REFUSED && recorded.getAdversarialOffset() == null;
    }

    /**
     * @param recorded what became of the batch before, if it is applied again
     * @param gap whether the clean batch never comes
     */
    private TrainingStep next(long batchNumber, Optional<TrainingStep> recorded, boolean gap) {
        TrainingStep step;
        if (gap) {
            step = learner.refuse(batchNumber, GAP, recorded.map(TrainingStep::getSpecificationVersion));
            batches.skip(batchNumber, "an adversarial batch without its clean batch: " + GAP);
        } else {
            ConsumerRecord<Long, Received<ImageBatch>> clean = batches.clean(batchNumber);
            ConsumerRecord<Long, Received<AdversarialBatch>> adversarial = batches.adversarial(batchNumber);
            step = recorded.map(before -> learner.applyAgain(clean, adversarial, before))
                    .orElseGet(() -> first(batchNumber, clean, adversarial));
            batches.done(batchNumber);
        }
        if (step.getReason() != null) {
            LOG.warn("batch {} {}: {}", step.getBatchNumber(), step.getOutcome(), step.getReason());
        }
        return step;
    }

    private TrainingStep first(long batchNumber, ConsumerRecord<Long, Received<ImageBatch>> clean,
            ConsumerRecord<Long, Received<AdversarialBatch>> adversarial) {
        try (Traced taken = traced.step(batchNumber, adversarial)) {
            TrainingStep step = setbacks.reason(batchNumber).map(reason -> learner.refuse(clean, adversarial, reason))
                    .orElseGet(() -> learner.apply(clean, adversarial));
            if (step.getReason() != null) {
                taken.failed(step.getReason());
            }
            return step;
        }
    }

    private void publish(boolean withCheckpoint) {
        Tensors weights = program.weights();
        Optional<Tensors> averaged = averaged();
        requireFinite(weights, averaged);
        reached(update(SafeTensors.encode(weights, Map.of())));
        if (!pending.isEmpty()) {
            int last = pending.size() - 1;
            pending.set(last, TrainingStep.newBuilder(pending.get(last)).setWeightsSha256(published.sha256())
                    .setComputedOn(program.platform()).build());
        }
        Optional<SavedState> checkpoint = withCheckpoint
                ? Optional.of(SavedState.of(published.identity(), batches.position(), start.programSha256(), program))
                : Optional.empty();
        publisher.publish(pending, published, averaged.map(tensors -> SafeTensors.encode(tensors, Map.of())), checkpoint,
                traced);
        FaultPoint.TRAINER_COMMITTED.reached();
        LOG.debug("published update {}", published.identity());
        metrics.committed(pending);
        if (!pending.isEmpty()) {
            setbacks.forget();
        }
        pending.clear();
    }

    private Optional<Tensors> averaged() {
        return program.averages() ? Optional.of(program.averaged()) : Optional.empty();
    }

    private void requireFinite(Tensors weights, Optional<Tensors> averaged) {
        if (weights.allFinite() && averaged.map(Tensors::allFinite).orElse(true)) {
            return;
        }
        if (pending.isEmpty()) {
            throw new IllegalStateException("the weights of step " + learner.step() + " hold NaN or infinity; not published");
        }
        throw new NotFiniteException(pending.get(pending.size() - 1).getBatchNumber(), "a weight is NaN or infinite after it",
                "not published. It or a batch since the last update is the cause: lower optimizer.learningRate, or let "
                        + "optimizer.notFinite be refuse");
    }

    private void reached(Update update) {
        published = update;
        recent.add(update);
    }

    private byte[] weights() {
        return SafeTensors.encode(program.weights(), Map.of());
    }

    private Update update(byte[] weights) {
        return new Update(new UpdateIdentity(learner.incarnation(), learner.step()), batches.next(),
                batches.outcomes(), run.evaluatesAt(batches.outcomes()), start.programSha256(), Sha256.of(weights), weights);
    }

    @Override
    public void close() {
        MDC.remove("batch");
        missing.close();
        program.close();
        batches.close();
    }
}

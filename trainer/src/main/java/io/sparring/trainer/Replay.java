package io.sparring.trainer;

import io.sparring.learning.ExecutionSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.ProgramPin;
import io.sparring.pipeline.PublishedProgram;
import io.sparring.pipeline.PublishedUpdates;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SetAside;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WeightsPart;
import io.sparring.schemas.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Trains a run again from its log, with the recorded adversarial batches in the recorded order, and compares the weights at every
 * publishing step with those recorded. It only reads, so it may do so while the run goes on: it ends with what was committed when
 * it began.
 */
public final class Replay {

    private static final Duration TELL = Duration.ofSeconds(5);

    private final RunSpecification run;
    private final KafkaSettings kafka;
    private final ProgramPin pin;
    private final ExecutionSettings execution;
    private final long until;
    private final boolean recordedThreads;
    private final boolean recraft;
    private final Consumer<String> say;
    private final Clock clock;

    /**
     * @param pin the only model program to load, if one is named
     * @param recordedThreads whether it computes with as many threads as the run did, rather than those of {@code execution}; its
     *     precision is the recorded one in any case
     * @param until the last step to replay
     * @param recraft whether each batch is crafted again too
     * @param say told how it goes, a line at a time
     */
    public Replay(RunSpecification run, KafkaSettings kafka, ProgramPin pin, ExecutionSettings execution, boolean recordedThreads,
            long until, boolean recraft, Consumer<String> say, Clock clock) {
        this.run = run;
        this.kafka = kafka;
        this.pin = pin;
        this.execution = execution;
        this.until = until;
        this.recraft = recraft;
        this.recordedThreads = recordedThreads;
        this.say = say;
        this.clock = clock;
    }

    /**
     * Replays the run, up to its first difference.
     *
     * @throws IllegalStateException if the run has not begun, or its log lacks what it takes
     * @throws IllegalArgumentException if the published run is another, or its program not the one named
     */
    public ReplayResult run() {
        PublishedProgram published = pin.require(RunRegistry.read(kafka, run.run()).orElseThrow(() ->
                new IllegalStateException("run " + run.run() + " is not published: there is nothing to replay")));
        published.versions().requireKnown(run);
        Checkpoints checkpoints = new Checkpoints(kafka, run.run(), SetAside.LOGGED, () -> false);
        SavedState beginning = checkpoints.oldest().orElseThrow(() -> new IllegalStateException(
                "run " + run.run() + " has no checkpoint: there is nothing to replay"));
        Position position = beginning.position();
        say.accept(position.getNextBatch() == 0 ? "replays from the initial weights"
                : "the log is trimmed: replays from its oldest checkpoint, " + beginning.identity() + " at batch "
                        + position.getNextBatch());
        ReplayPrograms programs = new ReplayPrograms(published.program(), run.network().precision(), execution,
                recordedThreads);
        ReplayTally tally = new ReplayTally(beginning.identity(), say);
        Optional<Recrafting> recrafting = recraft ? Optional.of(new Recrafting(run, programs,
                PublishedUpdates.of(kafka, run.run(), WeightsPart.WEIGHTS)::find, tally, clock)) : Optional.empty();
        long began = clock.millis();
        try (RecordedSteps steps = new RecordedSteps(
                        kafka.reader(new BatchNumberDeserializer(), WireFormat.of(TrainingStep.class).receiver()), run.run(),
                        position);
                ReplaySession session = new ReplaySession(run, published.versions(), beginning,
                        new RecordedBatches<>(kafka.reader(new BatchNumberDeserializer(),
                                WireFormat.of(ImageBatch.class).receiver()),
                                RunTopic.CLEAN_BATCHES.of(run.run()), position.getCleanOffsets()),
                        new RecordedBatches<>(kafka.reader(new BatchNumberDeserializer(),
                                WireFormat.of(AdversarialBatch.class).receiver()),
                                RunTopic.ADVERSARIAL_BATCHES.of(run.run()), position.getAdversarialOffsets()),
                        checkpoints::of, averages(), programs, recrafting, tally, clock)) {
            replay(steps, session, tally, until, clock, say);
        }
        return tally.result(run.run(), (clock.millis() - began) / 1000.0);
    }

    private Map<UpdateIdentity, String> averages() {
        try (KafkaConsumer<String, Received<ModelUpdate>> updates =
                kafka.reader(new StringDeserializer(), WireFormat.of(ModelUpdate.class).receiver())) {
            return RecordedAverages.read(run, updates);
        }
    }

    /** Up to the last step, the one named or the first difference. */
    static void replay(RecordedSteps steps, ReplaySession session, ReplayTally tally, long until, Clock clock,
            Consumer<String> say) {
        long told = clock.millis();
        for (List<TrainingStep> next = steps.nextInterval(); !next.isEmpty(); next = steps.nextInterval()) {
            List<TrainingStep> wanted = next.stream().takeWhile(step -> step.getStep() <= until).toList();
            if (!session.replay(wanted, next.get(next.size() - 1).getComputedOn()) || wanted.size() < next.size()) {
                return;
            }
            if (clock.millis() - told >= TELL.toMillis()) {
                told = clock.millis();
                say.accept(tally.progress());
            }
        }
    }
}

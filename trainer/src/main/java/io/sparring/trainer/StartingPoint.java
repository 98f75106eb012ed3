package io.sparring.trainer;

import io.sparring.learning.Geometry;
import io.sparring.learning.InitialWeights;
import io.sparring.learning.ModelProgramBuilder;
import io.sparring.learning.ProgramSpecification;
import io.sparring.learning.Tensors;
import io.sparring.pipeline.FirstBatch;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.PublishedProgram;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.SpecificationVersions;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a new leader begins: the run's program, the newest whole checkpoint and the training steps committed after it.
 *
 * @param program the model program
 * @param programSha256 its digest
 * @param versions of the run's specification, as published
 * @param state the checkpoint, or the initial weights of a run that has none
 * @param steps what is to be applied to it again, in this order
 * @param fresh whether nothing of the run has been published yet but the program
 */
record StartingPoint(byte[] program, String programSha256, SpecificationVersions versions, SavedState state,
        List<TrainingStep> steps, boolean fresh) {

    private static final Logger LOG = LoggerFactory.getLogger(StartingPoint.class);

    /**
     * Reads it, after publishing the run if this is its first trainer; nothing if stopped meanwhile.
     *
     * @param warmStart weights that a run without a checkpoint begins with, a safetensors file; drawn by its seed if none
     */
    static Optional<StartingPoint> read(RunSpecification run, KafkaSettings kafka, Publisher publisher, Checkpoints checkpoints,
            Optional<Path> warmStart, ServiceContext context) {
        Optional<PublishedProgram> published = RunRegistry.read(kafka, run.run());
        if (published.isPresent()) {
            published.get().versions().requireKnown(run);
        } else {
            Optional<Geometry> geometry = geometry(run, kafka, context);
            if (geometry.isEmpty()) {
                return Optional.empty();
            }
            byte[] built = ModelProgramBuilder.build(RunProgram.specification(run, geometry.get()));
            publisher.publishRun(built);
            // not read back: readers see a transaction only a moment after its commit has returned
            published = Optional.of(new PublishedProgram(SpecificationVersions.of(run), Sha256.of(built), built));
        }
        PublishedProgram program = published.get();
        Optional<SavedState> checkpoint = checkpoints.newest();
        if (checkpoint.isEmpty() && context.stopping()) {
            return Optional.empty();
        }
        if (checkpoint.isPresent() && warmStart.isPresent()) {
            LOG.warn("--initial-weights {} is passed over: the run goes on from its own checkpoint", warmStart.get());
        }
        Optional<SavedState> state = checkpoint.or(() -> initial(run, kafka, program, warmStart, context));
        return state.map(at -> new StartingPoint(program.program(), program.programSha256(), program.versions(), at,
                steps(run, kafka, at.position().getNextBatch(), context), checkpoint.isEmpty()));
    }

    private static Optional<SavedState> initial(RunSpecification run, KafkaSettings kafka, PublishedProgram program,
            Optional<Path> warmStart, ServiceContext context) {
        return geometry(run, kafka, context).map(geometry -> {
            Tensors drawn = InitialWeights.draw(RunProgram.specification(run, geometry), run.seed());
            Tensors weights = warmStart.map(file -> WarmStart.read(file, drawn)).orElse(drawn);
            List<Long> beginning = Collections.nCopies(run.partitions(), 0L);
            return SavedState.initial(new Position(0L, List.of(), beginning, beginning), program.programSha256(), weights);
        });
    }

    /** The trainer knows no data set: it takes the images' geometry from the first of them. */
    private static Optional<Geometry> geometry(RunSpecification run, KafkaSettings kafka, ServiceContext context) {
        return FirstBatch.await(kafka, run.run(), context::stopping).map(batch -> new Geometry(
                batch.getHeight(), batch.getWidth(), batch.getChannels(), batch.getClasses()));
    }

    private static List<TrainingStep> steps(RunSpecification run, KafkaSettings kafka, long nextBatch, ServiceContext context) {
        try (Consumer<Long, Received<TrainingStep>> consumer =
                kafka.reader(new LongDeserializer(), WireFormat.of(TrainingStep.class).receiver())) {
            return TrainingLog.from(consumer, run.run(), nextBatch, context::stopping);
        }
    }
}

package io.sparring.trainer;

import io.sparring.learning.Geometry;
import io.sparring.learning.InitialWeights;
import io.sparring.learning.ModelProgramBuilder;
import io.sparring.learning.ProgramSpecification;
import io.sparring.learning.Tensors;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.PublishedProgram;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.TopicTail;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Where a new leader begins: the run's program, the newest whole checkpoint and the training steps committed after it.
 *
 * @param program the model program
 * @param programSha256 its digest
 * @param state the checkpoint, or the initial weights of a run that has none
 * @param steps what is to be applied to it again, in this order
 * @param fresh whether nothing of the run has been published yet but the program
 */
record StartingPoint(byte[] program, String programSha256, SavedState state, List<TrainingStep> steps, boolean fresh) {

    /** Reads it, after publishing the run if this is its first trainer; nothing if stopped meanwhile. */
    static Optional<StartingPoint> read(RunSpecification run, KafkaSettings kafka, Publisher publisher, ServiceContext context) {
        Optional<PublishedProgram> published = RunRegistry.read(kafka, run.run());
        if (published.isPresent()) {
            RunRegistry.requireSame(published.get().specification(), run);
        } else {
            Optional<Geometry> geometry = geometry(run, kafka, context);
            if (geometry.isEmpty()) {
                return Optional.empty();
            }
            byte[] built = ModelProgramBuilder.build(RunProgram.specification(run, geometry.get()));
            publisher.publishRun(built);
            // not read back: readers see a transaction only a moment after its commit has returned
            published = Optional.of(new PublishedProgram(run, Sha256.of(built), built));
        }
        PublishedProgram program = published.get();
        Optional<SavedState> checkpoint = checkpoint(run, kafka, context);
        if (checkpoint.isEmpty() && context.stopping()) {
            return Optional.empty();
        }
        Optional<SavedState> state = checkpoint.or(() -> initial(run, kafka, program, context));
        return state.map(at -> new StartingPoint(program.program(), program.programSha256(), at,
                steps(run, kafka, at.position().getNextBatch(), context), checkpoint.isEmpty()));
    }

    private static Optional<SavedState> checkpoint(RunSpecification run, KafkaSettings kafka, ServiceContext context) {
        try (Consumer<String, Received<Checkpoint>> consumer =
                kafka.reader(new StringDeserializer(), WireFormat.of(Checkpoint.class).receiver())) {
            return TopicTail.newest(consumer, new TopicPartition(RunTopic.CHECKPOINTS.of(run.run()), 0),
                    SavedState::assembler, context::stopping);
        }
    }

    private static Optional<SavedState> initial(RunSpecification run, KafkaSettings kafka, PublishedProgram program,
            ServiceContext context) {
        return geometry(run, kafka, context).map(geometry -> {
            Tensors weights = InitialWeights.draw(RunProgram.specification(run, geometry), run.seed());
            List<Long> beginning = Collections.nCopies(run.partitions(), 0L);
            return SavedState.initial(new Position(0L, List.of(), beginning, beginning), program.programSha256(), weights);
        });
    }

    /** The trainer knows no data set: it takes the images' geometry from the first of them. */
    private static Optional<Geometry> geometry(RunSpecification run, KafkaSettings kafka, ServiceContext context) {
        TopicPartition first = new TopicPartition(RunTopic.CLEAN_BATCHES.of(run.run()), 0);
        try (Consumer<Long, Received<ImageBatch>> consumer =
                kafka.reader(new LongDeserializer(), WireFormat.of(ImageBatch.class).receiver())) {
            consumer.assign(List.of(first));
            consumer.seekToBeginning(List.of(first));
            while (!context.stopping()) {
                for (ConsumerRecord<Long, Received<ImageBatch>> record : consumer.poll(Duration.ofMillis(200))) {
                    if (record.value() != null && record.value().isReadable()) {
                        ImageBatch batch = record.value().value();
                        return Optional.of(new Geometry(
                                batch.getHeight(), batch.getWidth(), batch.getChannels(), batch.getClasses()));
                    }
                }
            }
            return Optional.empty();
        }
    }

    private static List<TrainingStep> steps(RunSpecification run, KafkaSettings kafka, long nextBatch, ServiceContext context) {
        try (Consumer<Long, Received<TrainingStep>> consumer =
                kafka.reader(new LongDeserializer(), WireFormat.of(TrainingStep.class).receiver())) {
            return TrainingLog.from(consumer, run.run(), nextBatch, context::stopping);
        }
    }
}

package io.sparring.trainer;

import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.Geometry;
import io.sparring.learning.InitialWeights;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.ModelProgramBuilder;
import io.sparring.learning.Tensors;
import io.sparring.pipeline.FirstBatch;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.PublishedProgram;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.SpecificationVersions;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
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
     * @param beginning what a run begins with that has published nothing yet
     * @param execution for looking at programs
     */
    static Optional<StartingPoint> read(RunSpecification run, KafkaSettings kafka, Publisher publisher, Checkpoints checkpoints,
            Beginning beginning, ExecutionSettings execution, ServiceContext context) {
        Optional<GivenProgram> given = beginning.program().map(GivenProgram::read);
        Optional<PublishedProgram> published = RunRegistry.read(kafka, run.run());
        if (published.isPresent()) {
            published.get().versions().requireKnown(run);
            PublishedProgram before = published.get();
            given.ifPresent(program -> program.requireSame(before));
        } else {
            Optional<Geometry> geometry = geometry(run, kafka, context);
            if (geometry.isEmpty()) {
                return Optional.empty();
            }
            given.ifPresent(program -> beginning.pin().require(Sha256.of(program.bytes())));
            given.ifPresent(program -> program.requireFitting(run, geometry.get(), beginning.weights().orElseThrow(), execution));
            byte[] built = given.map(GivenProgram::bytes)
                    .orElseGet(() -> ModelProgramBuilder.build(RunProgram.specification(run, geometry.get())));
            beginning.pin().require(Sha256.of(built));
            publisher.publishRun(built);
            // not read back: readers see a transaction only a moment after its commit has returned
            published = Optional.of(new PublishedProgram(SpecificationVersions.of(run), Sha256.of(built), built));
        }
        PublishedProgram program = beginning.pin().require(published.get());
        LOG.info("the run's model program has the SHA-256 {}", program.programSha256());
        Optional<SavedState> checkpoint = checkpoints.newest();
        if (checkpoint.isEmpty() && context.stopping()) {
            return Optional.empty();
        }
        if (checkpoint.isPresent() && beginning.weights().isPresent()) {
            LOG.warn("--initial-weights {} is passed over: the run goes on from its own checkpoint", beginning.weights().get());
        }
        Optional<SavedState> state = checkpoint.or(() -> initial(run, kafka, program, beginning, execution, context));
        return state.map(at -> new StartingPoint(program.program(), program.programSha256(), program.versions(), at,
                steps(run, kafka, at.position(), context), checkpoint.isEmpty()));
    }

    /** Smallest number that is without an outcome once the steps are applied again: what the last leader had published. */
    long nextBatch() {
        Outcomes outcomes = new Outcomes(state.position());
        steps.forEach(step -> outcomes.add(step.getBatchNumber()));
        return outcomes.next();
    }

    private static Optional<SavedState> initial(RunSpecification run, KafkaSettings kafka, PublishedProgram program,
            Beginning beginning, ExecutionSettings execution, ServiceContext context) {
        return geometry(run, kafka, context).map(geometry -> {
            Tensors weights = weights(run, geometry, program, beginning, execution);
            List<Long> zeros = Collections.nCopies(run.partitions(), 0L);
            return SavedState.initial(new Position(0L, List.of(), zeros, zeros), program.programSha256(), weights);
        });
    }

    private static Tensors weights(RunSpecification run, Geometry geometry, PublishedProgram program, Beginning beginning,
            ExecutionSettings execution) {
        try (ModelProgram loaded = ModelProgram.load(program.program(), execution)) {
            if (beginning.weights().isPresent()) {
                LOG.info("begins with the weights of {}", beginning.weights().get());
                return WarmStart.read(beginning.weights().get(), loaded::requireFitting);
            }
            Tensors drawn = InitialWeights.draw(RunProgram.specification(run, geometry), run.seed());
            loaded.requireFitting("the run's program was not built from its run file and needs --initial-weights; the weights of "
                    + "network.name " + run.network().name(), drawn);
            return drawn;
        }
    }

    /** The trainer knows no data set: it takes the images' geometry from the first of them. */
    private static Optional<Geometry> geometry(RunSpecification run, KafkaSettings kafka, ServiceContext context) {
        return FirstBatch.await(kafka, run.run(), context::stopping).map(batch -> new Geometry(
                batch.getHeight(), batch.getWidth(), batch.getChannels(), batch.getClasses()));
    }

    private static List<TrainingStep> steps(RunSpecification run, KafkaSettings kafka, Position position,
            ServiceContext context) {
        try (Consumer<Long, Received<TrainingStep>> consumer =
                kafka.reader(new BatchNumberDeserializer(), WireFormat.of(TrainingStep.class).receiver())) {
            return TrainingLog.from(consumer, run.run(), new Outcomes(position), context.aside(), context::stopping);
        }
    }
}

package io.sparring.trainer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.attacker.BatchViews;
import io.sparring.learning.ModelProgram;
import io.sparring.pipeline.RecentUpdates;
import io.sparring.pipeline.RunRequests;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.SpecificationVersions;
import io.sparring.pipeline.StatusBoard;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One leader's time, from a starting point to its end, and what it published meanwhile. */
final class Training {

    /** Far more batches and moments of waiting than any test needs. */
    private static final int LONGEST = 20_000;

    private final RunSpecification run;
    private final SettableClock clock;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ServiceContext context;
    private final Setbacks setbacks;
    private final Function<byte[], ModelProgram> programs;
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());

    private Training before;

    Training(RunSpecification run, SettableClock clock) {
        this(run, clock, () -> RunRequests.NONE);
    }

    /** @param requests what is asked of the run while it goes on */
    Training(RunSpecification run, SettableClock clock, Supplier<RunRequests> requests) {
        this(run, clock, requests, program -> ModelProgram.load(program, TinyRun.EXECUTION),
                new Setbacks(run, new SimpleMeterRegistry()));
    }

    /**
     * @param programs what loads the run's program, or one that fails in some way
     * @param setbacks of leaders before this one
     */
    Training(RunSpecification run, SettableClock clock, Supplier<RunRequests> requests, Function<byte[], ModelProgram> programs,
            Setbacks setbacks) {
        this.run = run;
        this.programs = programs;
        this.setbacks = setbacks;
        this.clock = clock;
        this.context = new ServiceContext("trainer-1", new StatusBoard(clock, meters), meters, requests);
    }

    /** Where the first leader of a run begins. */
    static StartingPoint fresh() {
        return fresh(TinyRun.RUN);
    }

    static StartingPoint fresh(RunSpecification run) {
        return fresh(run, TinyRun.PROGRAM);
    }

    static StartingPoint fresh(RunSpecification run, byte[] program) {
        SavedState state = SavedState.initial(new Position(0L, List.of(), List.of(0L, 0L), List.of(0L, 0L)),
                Sha256.of(program), TinyRun.initialWeights());
        return new StartingPoint(program, Sha256.of(program), SpecificationVersions.of(run), state, List.of(), true);
    }

    /** Who led before this one, and has published what it goes on from. */
    Training after(Training leader) {
        before = leader;
        return this;
    }

    /** Trains on what the logs hold, as they are now and as they grow. */
    Training train(StartingPoint start, RecordLog<Long, ImageBatch> clean, RecordLog<Long, AdversarialBatch> adversarial,
            BooleanSupplier goesOn) {
        AtomicInteger asked = new AtomicInteger();
        BooleanSupplier bounded = () -> {
            if (asked.incrementAndGet() > LONGEST) {
                throw new AssertionError("the training waits for ever");
            }
            return goesOn.getAsBoolean();
        };
        try (Publisher publisher = new Publisher(run, producer, clock);
                TrainingSession session = new TrainingSession(run, start, StagedBatches.from(run, start, clean, adversarial,
                        context), publisher, context, programs, this::checkpoint,
                        RecentUpdates.of(run, this::update), bounded, clock, new TrainerMetrics(meters, clock), setbacks)) {
            session.train();
        }
        return this;
    }

    /** Where the next leader begins: at the newest checkpoint, with the steps committed after it. */
    StartingPoint next() {
        return next(TinyRun.PROGRAM);
    }

    StartingPoint next(byte[] program) {
        List<SavedState> checkpoints = all(Training::checkpoints);
        SavedState checkpoint = checkpoints.get(checkpoints.size() - 1);
        Outcomes outcomes = new Outcomes(checkpoint.position());
        return new StartingPoint(program, Sha256.of(program), SpecificationVersions.of(run), checkpoint,
                all(Training::steps).stream().filter(step -> !outcomes.has(step.getBatchNumber())).toList(), false);
    }

    /** What this leader and those before it have published. */
    <T> List<T> all(Function<Training, List<T>> published) {
        List<T> all = before == null ? new ArrayList<>() : before.all(published);
        all.addAll(published.apply(this));
        return all;
    }

    List<TrainingStep> steps() {
        return published("tiny.training-steps", TrainingStep.class);
    }

    /** The updates, each of which is one chunk. */
    List<ModelUpdate> updates() {
        return published("tiny.model-updates", ModelUpdate.class);
    }

    List<SavedState> checkpoints() {
        Function<ConsumerRecord<String, Received<Checkpoint>>, Optional<SavedState>> assembler = SavedState.assembler();
        return published("tiny.checkpoints", Checkpoint.class).stream().flatMap(chunk -> assembler.apply(
                new ConsumerRecord<>("tiny.checkpoints", 0, 0, "", Received.readable(chunk))).stream()).toList();
    }

    private Optional<SavedState> checkpoint(UpdateIdentity identity) {
        return all(Training::checkpoints).stream().filter(state -> state.identity().equals(identity)).findFirst();
    }

    private Optional<Update> update(long nextBatch) {
        return all(Training::updates).stream().filter(update -> update.getNextBatch() == nextBatch).reduce((older, newer) -> newer)
                .map(chunk -> new Update(new UpdateIdentity(chunk.getIncarnation(), chunk.getStep()), nextBatch, nextBatch,
                        chunk.getEvaluate(), chunk.getProgramSha256(), chunk.getSha256(), BatchViews.bytes(chunk.getBytes())));
    }

    /** What the trainer crafted itself. */
    List<AdversarialBatch> crafted() {
        return published("tiny.adversarial-batches", AdversarialBatch.class);
    }

    /** How many batches of that outcome the trainer has counted. */
    double counted(Outcome outcome) {
        return meters.get("sparring.outcomes").tag("outcome", outcome.name()).counter().count();
    }

    /** Topics of what was published, in order. */
    List<String> topics() {
        return producer.history().stream().map(record -> record.topic().substring("tiny.".length())).toList();
    }

    ServiceState state() {
        return context.status().state();
    }

    private <T extends SpecificRecord> List<T> published(String topic, Class<T> type) {
        WireFormat<T> format = WireFormat.of(type);
        return producer.history().stream().filter(record -> record.topic().equals(topic))
                .map(record -> format.decode(ByteBuffer.wrap(record.value()))).toList();
    }
}

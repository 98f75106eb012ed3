package io.sparring.trainer;

import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.PrecisionChoice;
import io.sparring.learning.ProgramLoader;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.LostPositionException;
import io.sparring.pipeline.Outage;
import io.sparring.pipeline.PublishedUpdates;
import io.sparring.pipeline.RecentUpdates;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Service;
import io.sparring.pipeline.ServiceContext;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WeightsPart;
import io.sparring.schemas.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains while it leads; stands by while another trainer of the run does. */
public final class TrainerService implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(TrainerService.class);
    private static final Duration WAIT = Duration.ofMillis(200);

    private final RunSpecification run;
    private final KafkaSettings kafka;
    private final ExecutionSettings execution;
    private final Beginning beginning;
    private final ProgramLoader programs;
    private final Clock clock;
    private volatile String notReady = "starting";

    /** @param beginning what a run begins with that has published nothing yet */
    public TrainerService(RunSpecification run, KafkaSettings kafka, ExecutionSettings execution, Beginning beginning,
            Clock clock) {
        this(run, kafka, execution, beginning, ModelProgram::load, clock);
    }

    /**
     * A trainer that computes with what a loader makes of the run's program.
     *
     * @param beginning what a run begins with that has published nothing yet
     */
    public TrainerService(RunSpecification run, KafkaSettings kafka, ExecutionSettings execution, Beginning beginning,
            ProgramLoader programs, Clock clock) {
        this.run = run;
        this.kafka = kafka;
        this.execution = execution;
        this.beginning = beginning;
        this.programs = programs;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "trainer";
    }

    @Override
    public Optional<String> notReady() {
        return Optional.ofNullable(notReady);
    }

    @Override
    public void run(ServiceContext context) {
        TrainerMetrics metrics = new TrainerMetrics(context.meters(), clock);
        Setbacks setbacks = new Setbacks(run, context.meters());
        try (Leadership leadership = new Leadership(kafka.member(run.run() + ".trainers", Leadership.SESSION_MILLIS,
                Leadership.LONGEST_WORK, new ByteArrayDeserializer(), new ByteArrayDeserializer()), RunTopic.LEADER.of(run.run()))) {
            while (!context.stopping()) {
                // a standby is ready: it does what it is there for
                context.status().state(ServiceState.STANDBY);
                if (leadership.leads(WAIT)) {
                    lead(leadership, context, metrics, setbacks);
                }
                notReady = null;
            }
        }
    }

    private Optional<Trimming> trimming(ServiceContext context) {
        return run.log().equals("keep") ? Optional.empty()
                : Optional.of(new Trimming(run, new Trimming.ByAdmin(kafka.admin()), () -> written(context), context.meters()));
    }

    private Publisher publisher(ServiceContext context) {
        Optional<Trimming> trimming = trimming(context);
        try {
            return new Publisher(run, kafka.largelyTransactional(run.run() + ".trainer", new ByteArraySerializer()), trimming, clock);
        } catch (RuntimeException e) {
            trimming.ifPresent(Trimming::close);
            throw e;
        }
    }

    private List<KeptCheckpoint> written(ServiceContext context) {
        try (Consumer<String, Received<Checkpoint>> consumer =
                kafka.reader(new StringDeserializer(), SavedState.FORMAT.receiver())) {
            return KeptCheckpoint.read(consumer, run.run(), context::stopping);
        }
    }

    private void lead(Leadership leadership, ServiceContext context, TrainerMetrics metrics, Setbacks setbacks) {
        LOG.info("leads from now on");
        notReady = "reading the newest checkpoint";
        // it stands by no more
        context.status().state(ServiceState.WAITING);
        UpdateIdentity begun = null;
        BooleanSupplier goesOn = () -> leadership.leads(Duration.ZERO) && !context.stopping();
        try (Publisher publisher = publisher(context)) {
            Checkpoints checkpoints = new Checkpoints(kafka, run.run(), context.aside(), context::stopping);
            Optional<StartingPoint> start = StartingPoint.read(run, kafka, publisher, checkpoints, beginning, execution,
                    context);
            if (start.isEmpty()) {
                return;
            }
            begun = start.get().state().identity();
            LOG.info("goes on from update {} at batch {}", begun, start.get().state().position().getNextBatch());
            ExecutionSettings settled = PrecisionChoice.settle(run.network().precision(), start.get().program(), execution);
            StagedBatches batches = StagedBatches.from(run, start.get(),
                    kafka.reader(new BatchNumberDeserializer(), WireFormat.of(ImageBatch.class).receiver()),
                    kafka.reader(new BatchNumberDeserializer(), WireFormat.of(AdversarialBatch.class).receiver()), context);
            try (TrainingSession session = new TrainingSession(run, start.get(), batches, publisher, context,
                    program -> programs.load(program, settled), checkpoints::of,
                    RecentUpdates.of(run, PublishedUpdates.of(kafka, run.run(), WeightsPart.WEIGHTS)::at), goesOn, clock,
                    metrics, setbacks)) {
                notReady = null;
                session.train();
                // the run's end: nobody else is to lead and find the same
                while (goesOn.getAsBoolean()) {
                    leadership.leads(WAIT);
                    session.rollBackIfAsked();
                }
            }
        } catch (NotFiniteException e) {
            // with a publisher of its own the next session sees all that this one has committed
            setbacks.goBack(e);
        } catch (LostPositionException e) {
            setbacks.goBack(e, begun);
        } catch (KafkaException e) {
            standBy(e, context);
        }
    }

    /** Whoever leads next, perhaps this trainer, begins at what is committed; so it need not be known what was. */
    private void standBy(KafkaException failure, ServiceContext context) {
        if (Outage.passes(failure)) {
            Outage.say(failure);
            // it may lead on without knowing better, and fail at once again
            context.pause(Outage.PAUSE);
        } else if (Outage.fenced(failure)) {
            LOG.warn("another trainer has taken over, or the last transaction took too long: standing by", failure);
        } else {
            throw failure;
        }
    }
}

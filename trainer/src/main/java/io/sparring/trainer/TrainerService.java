package io.sparring.trainer;

import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.PrecisionChoice;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Service;
import io.sparring.pipeline.ServiceContext;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Position;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
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
    private final Clock clock;
    private volatile String notReady = "starting";

    /** @param beginning what a run begins with that has published nothing yet */
    public TrainerService(RunSpecification run, KafkaSettings kafka, ExecutionSettings execution, Beginning beginning,
            Clock clock) {
        this.run = run;
        this.kafka = kafka;
        this.execution = execution;
        this.beginning = beginning;
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
        TrainerMetrics metrics = new TrainerMetrics(context.meters());
        try (Leadership leadership = new Leadership(kafka.member(run.run() + ".trainers", Leadership.SESSION_MILLIS,
                new ByteArrayDeserializer(), new ByteArrayDeserializer()), RunTopic.LEADER.of(run.run()))) {
            while (!context.stopping()) {
                // a standby is ready: it does what it is there for
                context.status().state(ServiceState.STANDBY);
                if (leadership.leads(WAIT)) {
                    lead(leadership, context, metrics);
                }
                notReady = null;
            }
        }
    }

    private void lead(Leadership leadership, ServiceContext context, TrainerMetrics metrics) {
        LOG.info("leads from now on");
        notReady = "reading the newest checkpoint";
        BooleanSupplier goesOn = () -> leadership.leads(Duration.ZERO) && !context.stopping();
        try (Publisher publisher = new Publisher(run,
                kafka.transactional(run.run() + ".trainer", new ByteArraySerializer()), clock)) {
            Checkpoints checkpoints = new Checkpoints(kafka, run.run(), context.aside(), context::stopping);
            Optional<StartingPoint> start = StartingPoint.read(run, kafka, publisher, checkpoints, beginning, execution,
                    context);
            if (start.isEmpty()) {
                return;
            }
            Position position = start.get().state().position();
            LOG.info("goes on from update {} at batch {}", start.get().state().identity(), position.getNextBatch());
            ExecutionSettings settled = PrecisionChoice.settle(run.network().precision(), start.get().program(), execution);
            long resumed = start.get().steps().stream().mapToLong(step -> step.getBatchNumber() + 1).max()
                    .orElse(position.getNextBatch());
            StagedBatches batches = new StagedBatches(
                    new BatchReader<>(kafka.reader(new BatchNumberDeserializer(), WireFormat.of(ImageBatch.class).receiver()),
                            RunTopic.CLEAN_BATCHES.of(run.run()), position.getCleanOffsets(), position.getNextBatch(),
                            Admission.clean(run, resumed, context)),
                    new BatchReader<>(kafka.reader(new BatchNumberDeserializer(),
                            WireFormat.of(AdversarialBatch.class).receiver()),
                            RunTopic.ADVERSARIAL_BATCHES.of(run.run()), position.getAdversarialOffsets(),
                            position.getNextBatch(), Admission.adversarial(run, resumed, context)),
                    position.getNextBatch());
            try (TrainingSession session = new TrainingSession(run, start.get(), batches, publisher, context,
                    program -> ModelProgram.load(program, settled), checkpoints::of, goesOn, clock, metrics)) {
                notReady = null;
                session.train();
                // the run's end: nobody else is to lead and find the same
                while (goesOn.getAsBoolean()) {
                    leadership.leads(WAIT);
                    session.rollBackIfAsked();
                }
            }
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            LOG.warn("another trainer has taken over: standing by", e);
        }
    }
}

package io.sparring.evaluator;

import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.ModelProgram;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.Outage;
import io.sparring.pipeline.ProgramPin;
import io.sparring.pipeline.PublishedProgram;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Service;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.Update;
import io.sparring.pipeline.UpdateFollower;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.WeightsPart;
import io.sparring.schemas.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Measures the updates that the trainer marked on the held-out images it is assigned, and takes its part in making reports
 * of all evaluators' facts.
 */
public final class EvaluatorService implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(EvaluatorService.class);
    private static final WireFormat<Evaluation> FORMAT = WireFormat.of(Evaluation.class);
    private static final Duration WAIT = Duration.ofMillis(100);
    private static final int SESSION_MILLIS = 6_000;

    private final RunSpecification run;
    private final KafkaSettings kafka;
    private final ExecutionSettings execution;
    private final ProgramPin pin;
    private final Clock clock;
    private volatile String notReady = "waiting for the run to be published";

    /** An evaluator that loads whichever program the run has published. */
    public EvaluatorService(RunSpecification run, KafkaSettings kafka, ExecutionSettings execution, Clock clock) {
        this(run, kafka, execution, ProgramPin.NONE, clock);
    }

    public EvaluatorService(RunSpecification run, KafkaSettings kafka, ExecutionSettings execution, ProgramPin pin, Clock clock) {
        this.run = run;
        this.kafka = kafka;
        this.execution = execution;
        this.pin = pin;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "evaluator";
    }

    @Override
    public Optional<String> notReady() {
        return Optional.ofNullable(notReady);
    }

    @Override
    public void run(ServiceContext context) throws Exception {
        Optional<PublishedProgram> published = RunRegistry.await(kafka, run, context::stopping);
        if (published.isEmpty()) {
            return;
        }
        notReady = "no held-out images yet";
        try (ModelProgram program = ModelProgram.load(pin.require(published.get()).program(), execution);
                UpdateFollower updates = UpdateFollower.start(kafka, run.run(), measured(program), ModelUpdate::getEvaluate,
                        context.aside());
                RobustnessStreams reports = RobustnessStreams.start(kafka, run.run(), context.meters())) {
            Outage.waitOut(context, () -> evaluate(program, updates, reports, context));
        }
    }

    private void evaluate(ModelProgram program, UpdateFollower updates, RobustnessStreams reports, ServiceContext context)
            throws ExecutionException, InterruptedException {
        try (Producer<String, byte[]> producer = kafka.producer(new StringSerializer());
                HeldOutImages heldOut = new HeldOutImages(kafka.member(run.run() + ".evaluators", SESSION_MILLIS,
                        new BatchNumberDeserializer(), WireFormat.of(ImageBatch.class).receiver()),
                        run, batch -> program.geometry().problem(batch.getHeight(), batch.getWidth(), batch.getChannels(),
                                batch.getClasses()), context.aside())) {
            BatchEvaluator evaluator = new BatchEvaluator(run, program, context.instance(), clock);
            MeasuringPlan plan = new MeasuringPlan();
            while (!context.stopping()) {
                reports.requireAccess();
                heldOut.poll(Duration.ZERO);
                Optional<ImageBatch> next = plan.next(heldOut.batches(), updates.newest());
                notReady = heldOut.batches().isEmpty() ? "no held-out images yet"
                        : plan.update().isEmpty() ? "no weights yet" : null;
                if (next.isPresent()) {
                    measure(evaluator, next.get(), plan.update().orElseThrow(), producer, context);
                    plan.done(next.get());
                } else {
                    context.status().state(ServiceState.WAITING);
                    heldOut.poll(WAIT);
                }
            }
        }
    }

    /** What a program averages is what it is for. */
    private static WeightsPart measured(ModelProgram program) {
        return program.averages() ? WeightsPart.AVERAGED_WEIGHTS : WeightsPart.WEIGHTS;
    }

    private void measure(BatchEvaluator evaluator, ImageBatch batch, Update update, Producer<String, byte[]> producer,
            ServiceContext context) throws ExecutionException, InterruptedException {
        MDC.put("update", update.identity().key());
        context.status().state(ServiceState.RUNNING);
        context.status().update(update.identity());
        List<Evaluation> facts = evaluator.evaluate(batch, update);
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (Evaluation fact : facts) {
            sent.add(producer.send(new ProducerRecord<>(RunTopic.EVALUATIONS.of(run.run()), 0,
                    update.identity().key() + "/" + fact.getAttack() + "/" + fact.getSlice(), FORMAT.encode(fact))));
        }
        // a fact counts as reported once the broker has it
        producer.flush();
        for (Future<RecordMetadata> fact : sent) {
            fact.get();
        }
        if (!facts.isEmpty()) {
            context.status().handled(batch.getLabels().size());
            LOG.debug("measured batch {}", batch.getBatchNumber());
        }
    }
}

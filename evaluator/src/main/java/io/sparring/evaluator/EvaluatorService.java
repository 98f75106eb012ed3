package io.sparring.evaluator;

import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.ModelProgram;
import io.sparring.pipeline.DeadLetters;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.Outage;
import io.sparring.pipeline.ProgramPin;
import io.sparring.pipeline.PublishedProgram;
import io.sparring.pipeline.PublishedUpdates;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Service;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.UpdateFollower;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WeightsPart;
import io.sparring.schemas.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Measures the updates that the trainer marked on the held-out images it is assigned, and takes its part in making reports
 * of all evaluators' facts.
 */
public final class EvaluatorService implements Service {

    private static final int SESSION_MILLIS = 6_000;
    /** In which a large network on a few cores takes a step of the suite. */
    private static final Duration LONGEST_WORK = Duration.ofHours(1);

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
        try (ModelProgram program = ModelProgram.load(pin.require(published.get()).program(), execution)) {
            DeadLetters letters = new DeadLetters(run.run(), context.meters());
            PublishedUpdates kept = PublishedUpdates.of(kafka, run.run(), measured(program));
            MarkedUpdates marked = new MarkedUpdates(run, kept::find);
            try (UpdateFollower updates = UpdateFollower.start(kafka, run.run(), measured(program), ModelUpdate::getEvaluate,
                            context.aside(), marked::add);
                    FactStreams reports = FactStreams.start(kafka, RunTopic.ROBUSTNESS.of(run.run()),
                            RobustnessTopology.of(run.run(), letters));
                    FactStreams windows = run.prequential().window() == 0 ? null : FactStreams.start(kafka,
                            RunTopic.PREQUENTIAL.of(run.run()), PrequentialTopology.of(run, letters))) {
                List<FactStreams> streams = Stream.of(reports, windows).filter(Objects::nonNull).toList();
                Outage.waitOut(context, () -> evaluate(program, marked, updates, streams, context));
            }
        }
    }

    private void evaluate(ModelProgram program, MarkedUpdates marked, UpdateFollower updates, List<FactStreams> streams,
            ServiceContext context) {
        UpdateWeights weights = new UpdateWeights(program);
        BatchEvaluator evaluator = new BatchEvaluator(run, weights, context.instance(), clock);
        try (Producer<String, byte[]> producer = kafka.producer(new StringSerializer());
                HeldOutImages heldOut = new HeldOutImages(kafka.member(run.run() + ".evaluators", SESSION_MILLIS, LONGEST_WORK,
                        new BatchNumberDeserializer(), WireFormat.of(ImageBatch.class).receiver()),
                        run, batch -> program.geometry().problem(batch.getHeight(), batch.getWidth(), batch.getChannels(),
                                batch.getClasses()), context.aside());
                SuiteTopics topics = SuiteTopics.open(kafka, run, context.aside(),
                        () -> new SuiteEvaluator(run, weights, context.instance(), clock))) {
            FactSender facts = new FactSender(run.run(), run.partitions(), producer, context.tracing());
            EvaluationLoop loop = new EvaluationLoop(heldOut, Slice.always(run), evaluator,
                    topics.suite(evaluator, marked, facts), facts, context);
            while (!context.stopping()) {
                streams.forEach(FactStreams::requireAccess);
                notReady = loop.next(updates.newest()).orElse(null);
            }
        }
    }

    /** What a program averages is what it is for. */
    private static WeightsPart measured(ModelProgram program) {
        return program.averages() ? WeightsPart.AVERAGED_WEIGHTS : WeightsPart.WEIGHTS;
    }
}

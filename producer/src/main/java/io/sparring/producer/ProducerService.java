package io.sparring.producer;

import io.micrometer.core.instrument.MeterRegistry;
import io.sparring.pipeline.BearerToken;
import io.sparring.pipeline.DeadLetters;
import io.sparring.pipeline.HttpSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.Metric;
import io.sparring.pipeline.Outage;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.pipeline.Service;
import io.sparring.pipeline.ServiceContext;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.IncomingImage;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the batches their numbers: first the held-out ones, then the training ones, of the data set or of incoming images, a
 * set lead ahead of the trainer. What is committed is not sent again; a second producer of the run fences the first.
 */
public final class ProducerService implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(ProducerService.class);
    private static final Duration WAIT = Duration.ofMillis(100);
    /** For which a request waits for Kafka. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final RunSpecification run;
    private final KafkaSettings kafka;
    private final DataSetLoader dataSets;
    private final Clock clock;
    private final Optional<BearerToken> token;
    private final IncomingWriter writer;
    private final AtomicLong waiting = new AtomicLong();
    private volatile String notReady = "starting";
    private volatile ExpectedImages expected;

    /** One that takes images over HTTP on the loopback interface alone. */
    public ProducerService(RunSpecification run, KafkaSettings kafka, DataSetLoader dataSets, Clock clock) {
        this(run, kafka, dataSets, clock, Optional.empty());
    }

    /**
     * @param dataSets where the run's data set is taken from: as a rule {@link DataSets}
     * @param token that whoever posts images has to bring
     */
    public ProducerService(RunSpecification run, KafkaSettings kafka, DataSetLoader dataSets, Clock clock,
            Optional<BearerToken> token) {
        this.run = run;
        this.kafka = kafka;
        this.dataSets = dataSets;
        this.clock = clock;
        this.token = token;
        this.writer = new IncomingWriter(RunTopic.INCOMING_IMAGES.of(run.run()), () -> kafka.compressing().transactional(
                run.run() + ".incoming", new ByteArraySerializer(), PATIENCE));
    }

    @Override
    public String name() {
        return "producer";
    }

    @Override
    public void addRoutes(Router router, HttpSettings http, MeterRegistry meters) {
        new ImagesRoute(new ImagesRoute.Gate(run.data().source(), http, token), () -> Optional.ofNullable(expected), writer,
                meters)
                .addTo(router);
    }

    @Override
    public Optional<String> notReady() {
        return Optional.ofNullable(notReady);
    }

    @Override
    public void run(ServiceContext context) throws Exception {
        Metric.INCOMING_WAITING.gauge(context.meters(), waiting, AtomicLong::get);
        try (writer) {
            notReady = "reading data set " + run.data().name();
            DataSet data = dataSets.load(run);
            Outage.waitOut(context, () -> {
                try (Admin admin = kafka.admin()) {
                    new RunTopics(admin).check(run);
                }
            });
            BatchRecords records = new BatchRecords(run, data, clock);
            expected = records.expected();
            Outage.waitOut(context, () -> produce(records, context));
        }
    }

    private void produce(BatchRecords records, ServiceContext context) throws InterruptedException {
        try (Producer<Long, byte[]> producer = kafka.compressing().transactional(run.run() + ".producer", new LongSerializer());
                Consumer<Long, Received<TrainingStep>> steps =
                        kafka.follower(new BatchNumberDeserializer(), WireFormat.of(TrainingStep.class).receiver())) {
            producer.initTransactions();
            notReady = null;
            BatchStream heldOut = new BatchStream(producer, records::heldOut, records::heldOutImages,
                    position(RunTopic.HELD_OUT_BATCHES, context).next(), context.status(), context.tracing());
            while (!context.stopping() && heldOut.next() < run.heldOutBatches()) {
                context.status().state(ServiceState.RUNNING);
                heldOut.send(run.heldOutBatches());
            }
            StreamPosition position = position(RunTopic.CLEAN_BATCHES, context);
            if (run.data().incoming()) {
                stream(producer, steps, records, position, context);
            } else {
                stream(steps, new BatchStream(producer, records::training, number -> run.data().batchSize(), position.next(),
                        context.status(), context.tracing()), context);
            }
        }
    }

    /** Of incoming images, which are deleted once they are part of a batch unless the run keeps its log. */
    private void stream(Producer<Long, byte[]> producer, Consumer<Long, Received<TrainingStep>> steps, BatchRecords records,
            StreamPosition position, ServiceContext context) throws InterruptedException {
        String topic = RunTopic.INCOMING_IMAGES.of(run.run());
        position.requireIncoming(topic);
        try (Consumer<Long, Received<IncomingImage>> consumer =
                kafka.reader(new BatchNumberDeserializer(), WireFormat.of(IncomingImage.class).receiver());
                Admin admin = kafka.admin()) {
            LongConsumer numbered = run.log().equals("keep") ? next -> { }
                    : new NumberedTrimming(topic, admin, context.meters())::numbered;
            IncomingImages images = new IncomingImages(consumer, topic, position.incomingNext(), records.expected(),
                    () -> position(RunTopic.CLEAN_BATCHES, context).incomingNext(), new DeadLetters(run.run(), context.meters()),
                    waiting, System::nanoTime);
            stream(steps, new BatchStream(producer, new IncomingBatches(run, images, records, numbered), position.next(),
                    context.status(), context.tracing()), context);
        }
    }

    private void stream(Consumer<Long, Received<TrainingStep>> steps, BatchStream training, ServiceContext context)
            throws InterruptedException {
        Lead lead = new Lead(steps, run, training::next, context.aside(), context::stopping);
        while (!context.stopping()) {
            long limit = lead.limit();
            if (run.data().incoming()) {
                context.status().lag(waiting.get() / run.data().batchSize());
            }
            if (training.next() < limit) {
                int sent = training.send(limit);
                // who waits for images does so within the call
                context.status().state(sent > 0 ? ServiceState.RUNNING : ServiceState.WAITING);
            } else {
                // who counts what waits for it does so all the same
                training.send(limit);
                context.status().state(run.endsBefore(limit) ? ServiceState.FINISHED : ServiceState.WAITING);
                context.awaitStop(WAIT);
            }
        }
    }

    /** Where the topic's committed records end. */
    private StreamPosition position(RunTopic topic, ServiceContext context) {
        try (Consumer<Long, Received<ImageBatch>> consumer =
                kafka.reader(new BatchNumberDeserializer(), WireFormat.of(ImageBatch.class).receiver())) {
            StreamPosition position = StreamPosition.of(consumer, topic.of(run.run()), run.partitions(), context::stopping);
            LOG.info("{} goes on at batch {}", topic.of(run.run()), position.next()[StreamPosition.lowest(position.next())]);
            return position;
        }
    }
}

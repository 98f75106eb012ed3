package io.sparring.producer;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.Outage;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.pipeline.Service;
import io.sparring.pipeline.ServiceContext;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.LongToIntFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.LongSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the batches their numbers: first the held-out ones, then the training ones, a set lead ahead of the trainer. What
 * is committed is not sent again; a second producer of the run fences the first.
 */
public final class ProducerService implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(ProducerService.class);
    private static final Duration WAIT = Duration.ofMillis(100);

    private final RunSpecification run;
    private final KafkaSettings kafka;
    private final DataSetLoader dataSets;
    private final Clock clock;
    private volatile String notReady = "starting";

    /** @param dataSets where the run's data set is taken from: as a rule {@link DataSets} */
    public ProducerService(RunSpecification run, KafkaSettings kafka, DataSetLoader dataSets, Clock clock) {
        this.run = run;
        this.kafka = kafka;
        this.dataSets = dataSets;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "producer";
    }

    @Override
    public Optional<String> notReady() {
        return Optional.ofNullable(notReady);
    }

    @Override
    public void run(ServiceContext context) throws Exception {
        notReady = "reading data set " + run.data().name();
        DataSet data = dataSets.load(run);
        Outage.waitOut(context, () -> {
            try (Admin admin = kafka.admin()) {
                new RunTopics(admin).check(run);
            }
        });
        BatchRecords records = new BatchRecords(run, data, clock);
        Outage.waitOut(context, () -> produce(records, context));
    }

    private void produce(BatchRecords records, ServiceContext context) throws InterruptedException {
        try (Producer<Long, byte[]> producer = kafka.compressing().transactional(run.run() + ".producer", new LongSerializer());
                Consumer<Long, Received<TrainingStep>> steps =
                        kafka.reader(new BatchNumberDeserializer(), WireFormat.of(TrainingStep.class).receiver())) {
            producer.initTransactions();
            notReady = null;
            BatchStream heldOut = stream(producer, RunTopic.HELD_OUT_BATCHES, records::heldOut, records::heldOutImages, context);
            while (!context.stopping() && heldOut.next() < run.heldOutBatches()) {
                context.status().state(ServiceState.RUNNING);
                heldOut.send(run.heldOutBatches());
            }
            BatchStream training = stream(producer, RunTopic.CLEAN_BATCHES, records::training, number -> run.data().batchSize(),
                    context);
            Lead lead = new Lead(steps, run, training::next, context.aside(), context::stopping);
            while (!context.stopping()) {
                long limit = lead.limit();
                if (training.next() < limit) {
                    context.status().state(ServiceState.RUNNING);
                    training.send(limit);
                } else {
                    context.status().state(run.endsBefore(limit) ? ServiceState.FINISHED : ServiceState.WAITING);
                    context.awaitStop(WAIT);
                }
            }
        }
    }

    /** The stream that goes on where the topic's committed records end. */
    private BatchStream stream(Producer<Long, byte[]> producer, RunTopic topic, LongFunction<ProducerRecord<Long, byte[]>> record,
            LongToIntFunction images, ServiceContext context) {
        try (Consumer<Long, Received<ImageBatch>> consumer =
                kafka.reader(new BatchNumberDeserializer(), WireFormat.of(ImageBatch.class).receiver())) {
            BatchStream stream = new BatchStream(producer, record, images,
                    StreamPosition.next(consumer, topic.of(run.run()), run.partitions(), context::stopping), context.status());
            LOG.info("{} goes on at batch {}", topic.of(run.run()), stream.next());
            return stream;
        }
    }
}

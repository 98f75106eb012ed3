package io.sparring.producer;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.pipeline.Service;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.TopicTail;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Gives the batches their numbers: first the held-out ones, then the training ones, a set lead ahead of the trainer. What
 * is committed is not sent again; a second producer of the run fences the first.
 */
public final class ProducerService implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(ProducerService.class);
    private static final Duration WAIT = Duration.ofMillis(100);
    /** Records of one transaction, so that it is short and small. */
    private static final int TRANSACTION = 8;

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
        DataSet data = dataSets.load(run.data().name());
        try (Admin admin = kafka.admin()) {
            new RunTopics(admin).check(run);
        }
        BatchRecords records = new BatchRecords(run, data, clock);
        try (Producer<Long, byte[]> producer = kafka.transactional(run.run() + ".producer", new LongSerializer());
                Consumer<Long, Received<TrainingStep>> steps =
                        kafka.reader(new LongDeserializer(), WireFormat.of(TrainingStep.class).receiver())) {
            producer.initTransactions();
            notReady = null;
            stream(producer, RunTopic.HELD_OUT_BATCHES, records::heldOut, run::heldOutBatches, context);
            long[] nextBatch = {nextBatch(steps, context)};
            stream(producer, RunTopic.CLEAN_BATCHES, records::training, () -> {
                nextBatch[0] = Math.max(nextBatch[0], follow(steps));
                long ahead = nextBatch[0] + run.data().lead();
                return run.data().batches() == 0 ? ahead : Math.min(run.data().batches(), ahead);
            }, context);
        }
    }

    private interface Limit {

        /** Numbers below it may be sent now. */
        long now();
    }

    /** Sends numbers in order until the topic's last one, or without end; returns when all are sent or it is to stop. */
    private void stream(Producer<Long, byte[]> producer, RunTopic topic, LongFunction<ProducerRecord<Long, byte[]>> record,
            Limit limit, ServiceContext context) throws InterruptedException {
        long[] next;
        try (Consumer<Long, byte[]> consumer = kafka.reader(new LongDeserializer(), new ByteArrayDeserializer())) {
            next = StreamPosition.next(consumer, topic.of(run.run()), run.partitions(), context::stopping);
        }
        LOG.info("{} goes on at batch {}", topic.of(run.run()), next[StreamPosition.lowest(next)]);
        while (!context.stopping()) {
            long below = limit.now();
            if (next[StreamPosition.lowest(next)] < below) {
                context.status().state(ServiceState.RUNNING);
                send(producer, record, next, below, context);
            } else if (topic == RunTopic.HELD_OUT_BATCHES) {
                return;
            } else {
                context.status().state(run.endsBefore(below) ? ServiceState.FINISHED : ServiceState.WAITING);
                context.awaitStop(WAIT);
            }
        }
    }

    private void send(Producer<Long, byte[]> producer, LongFunction<ProducerRecord<Long, byte[]>> record, long[] next,
            long below, ServiceContext context) {
        producer.beginTransaction();
        int partition = StreamPosition.lowest(next);
        for (int sent = 0; sent < TRANSACTION && next[partition] < below; sent++) {
            MDC.put("batch", Long.toString(next[partition]));
            producer.send(record.apply(next[partition]));
            context.status().handled(run.data().batchSize());
            next[partition] += run.partitions();
            partition = StreamPosition.lowest(next);
        }
        producer.commitTransaction();
        MDC.remove("batch");
    }

    /** The trainer's nextBatch as the committed training steps tell it. */
    private long nextBatch(Consumer<Long, Received<TrainingStep>> steps, ServiceContext context) {
        TopicPartition partition = new TopicPartition(RunTopic.TRAINING_STEPS.of(run.run()), 0);
        Function<ConsumerRecord<Long, Received<TrainingStep>>, Optional<Long>> number = step -> Optional.ofNullable(step.key());
        return TopicTail.newest(steps, partition, () -> number, context::stopping).map(last -> last + 1).orElse(0L);
    }

    private static long follow(Consumer<Long, Received<TrainingStep>> steps) {
        long next = 0;
        for (ConsumerRecord<Long, Received<TrainingStep>> step : steps.poll(Duration.ZERO)) {
            next = step.key() == null ? next : Math.max(next, step.key() + 1);
        }
        return next;
    }
}

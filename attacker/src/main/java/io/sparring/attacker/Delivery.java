package io.sparring.attacker;

import io.sparring.pipeline.AttackerQueue;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.LongSerializer;

/**
 * How clean batches come to an attacker and its answers leave it, by the run's key {@code delivery}: {@code group} shares out
 * the partitions, and an answer and the position behind its batch are one transaction, made while the next batch is crafted;
 * {@code queue} shares out the batches, each locked until its answer is published, so that there may be more attackers than partitions.
 */
record Delivery(Producer<Long, byte[]> producer, CleanBatches clean, Answers answers, Optional<ExecutorService> aside)
        implements AutoCloseable {

    /** A member that is killed has its partitions taken over after this long. */
    private static final int SESSION_MILLIS = 6_000;
    /** In which a large network on a few cores crafts a batch. */
    private static final Duration LONGEST_WORK = Duration.ofHours(1);
    /** Members that an attacker has in a queue: one for each partition, one to spare where there is one, and not too many. */
    private static final int FEWEST_MEMBERS = 2;
    private static final int MOST_MEMBERS = 8;

    /** Joins the attackers of the run. */
    static Delivery open(RunSpecification run, KafkaSettings kafka, String instance, Clock clock) {
        String topic = RunTopic.CLEAN_BATCHES.of(run.run());
        Deserializer<Received<ImageBatch>> values = WireFormat.of(ImageBatch.class).receiver();
        if (run.delivery().equals("queue")) {
            String group = AttackerQueue.group(run.run());
            AttackerQueue.check(kafka, run.run());
            Producer<Long, byte[]> producer = kafka.compressing().producer(new LongSerializer());
            int members = Math.max(FEWEST_MEMBERS, Math.min(MOST_MEMBERS, run.partitions()));
            QueuedBatches clean = new QueuedBatches(Stream.generate(() -> new QueueMember(
                    kafka.sharing(group, new BatchNumberDeserializer(), values), topic, clock)).limit(members).toList(), group,
                    clock);
            return new Delivery(producer, clean, new AcknowledgedAnswers(producer, clean), Optional.empty());
        }
        Producer<Long, byte[]> producer =
                kafka.compressing().transactional(run.run() + ".attacker." + instance, new LongSerializer());
        GroupedBatches clean = new GroupedBatches(
                kafka.member(run.run() + ".attackers", SESSION_MILLIS, LONGEST_WORK, new BatchNumberDeserializer(), values), topic);
        ExecutorService aside = Executors.newSingleThreadExecutor(Delivery::transactions);
        try {
            return new Delivery(producer, clean, new AttackTransactions(producer, clean, aside), Optional.of(aside));
        } catch (RuntimeException e) {
            aside.shutdown();
            clean.close();
            producer.close();
            throw e;
        }
    }

    private static Thread transactions(Runnable task) {
        Thread thread = new Thread(task, "attacker-transactions");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        try {
            answers.settle();
        } finally {
            aside.ifPresent(ExecutorService::shutdown);
            clean.close();
            producer.close();
        }
    }
}

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
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.LongSerializer;

/**
 * How clean batches come to an attacker and its answers leave it, by the run's key {@code delivery}: {@code group} shares out
 * the partitions, and an answer and the position behind its batch are one transaction; {@code queue} shares out the batches,
 * each locked until its answer is published, so that there may be more attackers than partitions.
 */
record Delivery(Producer<Long, byte[]> producer, CleanBatches clean, Answers answers) implements AutoCloseable {

    /** A member that is killed has its partitions taken over after this long. */
    private static final int SESSION_MILLIS = 6_000;
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
            return new Delivery(producer, clean, new AcknowledgedAnswers(producer, clean));
        }
        Producer<Long, byte[]> producer =
                kafka.compressing().transactional(run.run() + ".attacker." + instance, new LongSerializer());
        GroupedBatches clean = new GroupedBatches(
                kafka.member(run.run() + ".attackers", SESSION_MILLIS, new BatchNumberDeserializer(), values), topic);
        try {
            return new Delivery(producer, clean, new AttackTransactions(producer, clean));
        } catch (RuntimeException e) {
            clean.close();
            producer.close();
            throw e;
        }
    }

    @Override
    public void close() {
        clean.close();
        producer.close();
    }
}

package io.sparring.attacker;

import io.sparring.pipeline.LogConsumer;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The clean batches as a member of the attackers' group reads them. */
final class CleanBatchLog extends LogConsumer<Long, Received<ImageBatch>> {

    static final String TOPIC = "tiny.clean-batches";

    private int polls;

    /** @param recordsOfPartition that one poll gives at most */
    CleanBatchLog(int partitions, int recordsOfPartition) {
        super(TOPIC, partitions, recordsOfPartition);
    }

    /** How often it has been read from. */
    int polls() {
        return polls;
    }

    @Override
    public synchronized ConsumerRecords<Long, Received<ImageBatch>> poll(Duration timeout) {
        polls++;
        return super.poll(timeout);
    }

    static TopicPartition tiny(int partition) {
        return new TopicPartition(TOPIC, partition);
    }

    /** Its partitions are these from now on. */
    void own(int... partitions) {
        rebalance(IntStream.of(partitions).mapToObj(CleanBatchLog::tiny).toList());
    }

    /** Appends batches to the partitions that their numbers have. */
    void append(Collection<Long> numbers) {
        numbers.forEach(number ->
                append((int) (number % partitions()), number, Received.readable(TinyRun.batch(number, number))));
    }

    void commit(int partition, long offset) {
        commitSync(Map.of(tiny(partition), new OffsetAndMetadata(offset)));
    }
}

package io.sparring.attacker;

import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** A group's member that keeps the records of the topic, so that they can be read again from any position. */
final class LogConsumer extends MockConsumer<Long, Received<ImageBatch>> {

    static final String TOPIC = "tiny.clean-batches";

    private final Map<Integer, List<ConsumerRecord<Long, Received<ImageBatch>>>> log = new TreeMap<>();
    private final int recordsOfPartition;

    /** @param recordsOfPartition that one poll gives at most */
    LogConsumer(int partitions, int recordsOfPartition) {
        super("none");
        this.recordsOfPartition = recordsOfPartition;
        for (int partition = 0; partition < partitions; partition++) {
            log.put(partition, new ArrayList<>());
            updateBeginningOffsets(Map.of(partition(partition), 0L));
        }
    }

    static TopicPartition partition(int partition) {
        return new TopicPartition(TOPIC, partition);
    }

    /** Its partitions are these from now on. */
    void own(int... partitions) {
        rebalance(IntStream.of(partitions).mapToObj(LogConsumer::partition).toList());
    }

    void append(int partition, Long key, Received<ImageBatch> value) {
        List<ConsumerRecord<Long, Received<ImageBatch>>> records = log.get(partition);
        records.add(new ConsumerRecord<>(TOPIC, partition, records.size(), key, value));
    }

    /** Appends batches to the partitions that their numbers have. */
    void append(Collection<Long> numbers) {
        numbers.forEach(number ->
                append((int) (number % log.size()), number, Received.readable(TinyRun.batch(number, number))));
    }

    void commit(int partition, long offset) {
        commitSync(Map.of(partition(partition), new OffsetAndMetadata(offset)));
    }

    @Override
    public synchronized ConsumerRecords<Long, Received<ImageBatch>> poll(Duration timeout) {
        for (TopicPartition partition : assignment()) {
            if (!paused().contains(partition)) {
                long position = position(partition);
                log.get(partition.partition()).stream().filter(record -> record.offset() >= position)
                        .limit(recordsOfPartition).forEach(this::addRecord);
            }
        }
        return super.poll(timeout);
    }
}

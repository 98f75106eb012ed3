package io.sparring.producer;

import io.sparring.pipeline.BatchCheck;
import io.sparring.pipeline.TopicTail;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Where a partition's sequence of batch numbers goes on: at its last committed number + P. */
final class StreamPosition {

    private StreamPosition() {
    }

    /**
     * The next number for each partition of a topic that is partitioned by batch.
     *
     * @param consumer assigned by this
     */
    static long[] next(Consumer<Long, Received<ImageBatch>> consumer, String topic, int partitions, Supplier<Boolean> stopped) {
        long[] next = new long[partitions];
        for (int partition = 0; partition < partitions; partition++) {
            Optional<Long> last = TopicTail.newest(consumer, new TopicPartition(topic, partition),
                    () -> new Highest(partitions), stopped);
            if (last.isEmpty() && !stopped.get()) {
                requireUntouched(consumer, new TopicPartition(topic, partition));
            }
            next[partition] = last.map(number -> number + partitions).orElse((long) partition);
        }
        return next;
    }

    /** The trainer leaves the last record of each partition: without one, numbers that have been sent would be sent again. */
    private static void requireUntouched(Consumer<?, ?> consumer, TopicPartition partition) {
        long first = consumer.beginningOffsets(List.of(partition)).get(partition);
        if (first > 0) {
            throw new IllegalStateException("lost position: " + partition + " had " + first + " offsets and has no record any more, "
                    + "so it cannot be told which batch is next; they were deleted, by a retention of the topic or by hand");
        }
    }

    /** The smallest number that is still to be sent. */
    static int lowest(long[] next) {
        int lowest = 0;
        for (int partition = 1; partition < next.length; partition++) {
            lowest = next[partition] < next[lowest] ? partition : lowest;
        }
        return lowest;
    }

    /**
     * The highest number among the records shown. What others have sent there is no number of ours, nor is a copy of an older
     * batch behind the newest where the stream goes on.
     */
    private static final class Highest implements Function<ConsumerRecord<Long, Received<ImageBatch>>, Optional<Long>> {

        private final int partitions;
        private Long highest;

        Highest(int partitions) {
            this.partitions = partitions;
        }

        @Override
        public Optional<Long> apply(ConsumerRecord<Long, Received<ImageBatch>> record) {
            if (BatchCheck.problem(record).isEmpty() && RunTopic.partitionOf(record.key(), partitions) == record.partition()) {
                highest = highest == null ? record.key() : Long.valueOf(Math.max(highest, record.key()));
            }
            return Optional.ofNullable(highest);
        }
    }
}

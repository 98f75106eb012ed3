package io.sparring.producer;

import io.sparring.pipeline.BatchCheck;
import io.sparring.pipeline.TopicTail;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a topic that is partitioned by batch goes on: each partition at its last committed number + P, and, where the batches
 * are made of incoming images, these behind the last that was committed as part of a batch.
 *
 * @param next the next number of each partition
 * @param incomingNext the offset on {@code incoming-images} to go on at; empty where no batch was made of such images
 */
record StreamPosition(long[] next, OptionalLong incomingNext) {

    /** What the last batch of a partition tells. */
    private record Last(long number, Long incomingNext) {}

    /**
     * The position by what is committed.
     *
     * @param consumer assigned by this
     */
    static StreamPosition of(Consumer<Long, Received<ImageBatch>> consumer, String topic, int partitions,
            Supplier<Boolean> stopped) {
        long[] next = new long[partitions];
        OptionalLong incomingNext = OptionalLong.empty();
        for (int partition = 0; partition < partitions; partition++) {
            Optional<Last> last = TopicTail.newest(consumer, new TopicPartition(topic, partition),
                    () -> new Highest(partitions), stopped);
            if (last.isEmpty() && !stopped.get()) {
                requireUntouched(consumer, new TopicPartition(topic, partition));
            }
            next[partition] = last.map(batch -> batch.number() + partitions).orElse((long) partition);
            if (last.isPresent() && last.get().incomingNext() != null) {
                incomingNext = OptionalLong.of(Math.max(incomingNext.orElse(0), last.get().incomingNext()));
            }
        }
        return new StreamPosition(next, incomingNext);
    }

    /** The next number for each partition. */
    static long[] next(Consumer<Long, Received<ImageBatch>> consumer, String topic, int partitions, Supplier<Boolean> stopped) {
        return of(consumer, topic, partitions, stopped).next();
    }

    /** @throws IllegalStateException if there are batches, but none tells which incoming images are part of one */
    void requireIncoming(String topic) {
        boolean begins = IntStream.range(0, next.length).allMatch(partition -> next[partition] == partition);
        if (!begins && incomingNext.isEmpty()) {
            throw new IllegalStateException("lost position: the last batches do not tell which images of " + topic
                    + " are part of one; they were not made of incoming images");
        }
    }

    /** The trainer leaves the last record of each partition: without one, numbers that have been sent would be sent again. */
    private static void requireUntouched(Consumer<?, ?> consumer, TopicPartition partition) {
        long first = consumer.beginningOffsets(List.of(partition)).get(partition);
        if (first > 0) {
            throw new IllegalStateException("lost position: " + partition + " had " + first
                    + " offsets and has no record any more, "
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
    private static final class Highest implements Function<ConsumerRecord<Long, Received<ImageBatch>>, Optional<Last>> {

        private final int partitions;
        private Last highest;

        Highest(int partitions) {
            this.partitions = partitions;
        }

        @Override
        public Optional<Last> apply(ConsumerRecord<Long, Received<ImageBatch>> record) {
            if (BatchCheck.problem(record).isEmpty() && RunTopic.partitionOf(record.key(), partitions) == record.partition()
                    && (highest == null || record.key() > highest.number())) {
                highest = new Last(record.key(), record.value().value().getIncomingNext());
            }
            return Optional.ofNullable(highest);
        }
    }
}

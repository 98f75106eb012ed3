package io.sparring.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the newest committed value of a partition, which may be one record or several that belong together, without reading
 * the partition from its beginning: reads a few records at the end, and four times as many until a value is among them.
 */
public final class TopicTail {

    private static final Logger LOG = LoggerFactory.getLogger(TopicTail.class);
    private static final long FIRST_LOOK = 64;
    private static final Duration POLL = Duration.ofMillis(50);

    private TopicTail() {
    }

    /**
     * The newest value, or nothing if the partition has none. The consumer is left assigned to the partition, at its end.
     *
     * @param readers makes a function that is shown the records in order and answers with a value whenever one is whole
     * @param stopped ends the search early, with nothing
     */
    public static <K, V, T> Optional<T> newest(Consumer<K, V> consumer, TopicPartition partition,
            Supplier<Function<ConsumerRecord<K, V>, Optional<T>>> readers, Supplier<Boolean> stopped) {
        return newest(consumer, partition, FIRST_LOOK, readers, stopped);
    }

    /**
     * The same where records are large.
     *
     * @param firstLook offsets to begin with, at least 1; markers of transactions are among them
     */
    public static <K, V, T> Optional<T> newest(Consumer<K, V> consumer, TopicPartition partition, long firstLook,
            Supplier<Function<ConsumerRecord<K, V>, Optional<T>>> readers, Supplier<Boolean> stopped) {
        consumer.assign(List.of(partition));
        while (true) {
            try {
                return search(consumer, partition, firstLook, readers, stopped);
            } catch (OffsetOutOfRangeException e) {
                LOG.debug("what was to be read next has been trimmed; searching again");
            }
        }
    }

    private static <K, V, T> Optional<T> search(Consumer<K, V> consumer, TopicPartition partition, long firstLook,
            Supplier<Function<ConsumerRecord<K, V>, Optional<T>>> readers, Supplier<Boolean> stopped) {
        long beginning = offset(consumer.beginningOffsets(List.of(partition)), partition);
        long end = offset(consumer.endOffsets(List.of(partition)), partition);
        for (long look = firstLook; ; look *= 4) {
            long start = Math.max(beginning, end - look);
            consumer.seek(partition, start);
            Function<ConsumerRecord<K, V>, Optional<T>> reader = readers.get();
            Optional<T> newest = Optional.empty();
            while (consumer.position(partition) < end) {
                if (stopped.get()) {
                    return Optional.empty();
                }
                for (ConsumerRecord<K, V> record : consumer.poll(POLL)) {
                    newest = reader.apply(record).or(newestSoFar(newest));
                }
            }
            if (newest.isPresent() || start == beginning) {
                return newest;
            }
        }
    }

    private static <T> Supplier<Optional<T>> newestSoFar(Optional<T> newest) {
        return () -> newest;
    }

    private static long offset(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        return offsets.get(partition);
    }
}

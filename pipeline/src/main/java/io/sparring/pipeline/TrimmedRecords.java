package io.sparring.pipeline;

import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What to do where the records that were to be read next are not there any more. */
public final class TrimmedRecords {

    private static final Logger LOG = LoggerFactory.getLogger(TrimmedRecords.class);

    private TrimmedRecords() {
    }

    /**
     * Goes on at the first record that there is, for readers to whom what the trainer has trimmed means nothing any more.
     *
     * @throws OffsetOutOfRangeException {@code lost}, if a position is lost that is not below the first record
     */
    public static void skip(Consumer<?, ?> consumer, OffsetOutOfRangeException lost) {
        Map<TopicPartition, Long> wanted = lost.offsetOutOfRangePartitions();
        Map<TopicPartition, Long> first = consumer.beginningOffsets(wanted.keySet());
        if (wanted.entrySet().stream().anyMatch(position -> position.getValue() >= first.get(position.getKey()))) {
            throw lost;
        }
        LOG.info("goes on behind what has been trimmed: {}", describe(wanted, first));
        first.forEach(consumer::seek);
    }

    /** The error of a reader that needs them, with topic, partition, the offset that is wanted and the first that there is. */
    public static LostPositionException error(Consumer<?, ?> consumer, OffsetOutOfRangeException lost) {
        Map<TopicPartition, Long> wanted = lost.offsetOutOfRangePartitions();
        return new LostPositionException("lost position: " + describe(wanted, consumer.beginningOffsets(wanted.keySet()))
                + "; records that a kept checkpoint needs were deleted, by a retention of the topic or by hand", lost);
    }

    private static String describe(Map<TopicPartition, Long> wanted, Map<TopicPartition, Long> first) {
        return wanted.entrySet().stream().map(position -> position.getKey() + " offset " + position.getValue()
                + " is wanted, the first is " + first.get(position.getKey())).sorted().collect(Collectors.joining("; "));
    }
}

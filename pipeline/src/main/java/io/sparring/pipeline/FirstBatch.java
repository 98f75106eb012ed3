package io.sparring.pipeline;

import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/** The first readable batch of a run: for those who know no data set, and take the images' geometry from it. */
public final class FirstBatch {

    private static final Duration POLL = Duration.ofMillis(200);

    private FirstBatch() {
    }

    /**
     * Waits for the first training batch.
     *
     * @param stopped ends the waiting, with nothing
     */
    public static Optional<ImageBatch> await(KafkaSettings kafka, String run, BooleanSupplier stopped) {
        try (Consumer<Long, Received<ImageBatch>> consumer = reader(kafka)) {
            return await(consumer, RunTopic.CLEAN_BATCHES.of(run), stopped);
        }
    }

    /** The first batch that is there now, held out or for training, or nothing. */
    public static Optional<ImageBatch> read(KafkaSettings kafka, String run) {
        try (Consumer<Long, Received<ImageBatch>> consumer = reader(kafka)) {
            // the held-out ones are kept for ever, and so are mostly what is found
            return read(consumer, RunTopic.HELD_OUT_BATCHES.of(run))
                    .or(() -> read(consumer, RunTopic.CLEAN_BATCHES.of(run)));
        }
    }

    static Optional<ImageBatch> await(Consumer<Long, Received<ImageBatch>> consumer, String topic, BooleanSupplier stopped) {
        assign(consumer, topic);
        while (!stopped.getAsBoolean()) {
            Optional<ImageBatch> batch = poll(consumer);
            if (batch.isPresent()) {
                return batch;
            }
        }
        return Optional.empty();
    }

    static Optional<ImageBatch> read(Consumer<Long, Received<ImageBatch>> consumer, String topic) {
        TopicPartition partition = assign(consumer, topic);
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        Optional<ImageBatch> batch = Optional.empty();
        while (batch.isEmpty() && consumer.position(partition) < end) {
            batch = poll(consumer);
        }
        return batch;
    }

    private static Consumer<Long, Received<ImageBatch>> reader(KafkaSettings kafka) {
        return kafka.reader(new BatchNumberDeserializer(), WireFormat.of(ImageBatch.class).receiver());
    }

    /** Batch 0 is in partition 0, whatever the number of partitions. */
    private static TopicPartition assign(Consumer<?, ?> consumer, String topic) {
        TopicPartition first = new TopicPartition(topic, 0);
        consumer.assign(List.of(first));
        consumer.seekToBeginning(List.of(first));
        return first;
    }

    private static Optional<ImageBatch> poll(Consumer<Long, Received<ImageBatch>> consumer) {
        try {
            for (ConsumerRecord<Long, Received<ImageBatch>> record : consumer.poll(POLL)) {
                // the first that is one: what else is wrong with it matters to those who use its images
                if (BatchCheck.problem(record).isEmpty()) {
                    return Optional.of(record.value().value());
                }
            }
        } catch (OffsetOutOfRangeException e) {
            TrimmedRecords.skip(consumer, e);
        }
        return Optional.empty();
    }
}

package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.TopicTail;
import io.sparring.pipeline.TrimmedRecords;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The end of a topic: its newest committed records, and then those that come. Used by one thread. */
public final class RecordTail implements AutoCloseable {

    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final long FEW_OFFSETS = 16;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    private RecordTail(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        this.consumer = consumer;
        this.partitions = partitions;
    }

    static RecordTail open(KafkaSettings kafka, String topic) {
        KafkaConsumer<byte[], byte[]> consumer = kafka.reader(new ByteArrayDeserializer(), new ByteArrayDeserializer());
        return new RecordTail(consumer, consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition())).toList());
    }

    /** All committed records of these topics, and then those that come. */
    public static RecordTail fromBeginning(KafkaSettings kafka, List<String> topics) {
        KafkaConsumer<byte[], byte[]> consumer = kafka.reader(new ByteArrayDeserializer(), new ByteArrayDeserializer());
        RecordTail tail = new RecordTail(consumer, topics.stream().flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition())).toList());
        consumer.assign(tail.partitions);
        consumer.seekToBeginning(tail.partitions);
        tail.ends.putAll(consumer.endOffsets(tail.partitions));
        return tail;
    }

    /** Whether all that there was when it was opened has been read, where it began with the beginning. */
    public boolean isBehindItsEnd() {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    /** The newest records, oldest first; {@link #next} goes on behind them. */
    List<ConsumerRecord<byte[], byte[]>> newest(int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<TopicPartition, Long> positions = new HashMap<>();
        for (TopicPartition partition : partitions) {
            records.addAll(newest(partition, count));
            positions.put(partition, consumer.position(partition));
        }
        consumer.assign(partitions);
        positions.forEach(consumer::seek);
        records.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
        return records.subList(Math.max(0, records.size() - count), records.size());
    }

    private Deque<ConsumerRecord<byte[], byte[]>> newest(TopicPartition partition, int count) {
        Deque<ConsumerRecord<byte[], byte[]>> kept = new ArrayDeque<>();
        TopicTail.newest(consumer, partition, Math.max(FEW_OFFSETS, count), () -> {
            kept.clear();
            return record -> {
                kept.addLast(record);
                if (kept.size() > count) {
                    kept.removeFirst();
                }
                // until there are so many, it is to be looked for further back
                return kept.size() < count ? Optional.empty() : Optional.of(record);
            };
        }, () -> false);
        return kept;
    }

    /** What has come since, after a second at the latest. */
    public List<ConsumerRecord<byte[], byte[]>> next() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try {
            ConsumerRecords<byte[], byte[]> come = consumer.poll(WAIT);
            come.forEach(records::add);
        } catch (OffsetOutOfRangeException e) {
            TrimmedRecords.skip(consumer, e);
        } catch (InterruptException e) {
            Thread.currentThread().interrupt();
        }
        return records;
    }

    @Override
    public void close() {
        // an interrupted consumer closes with an exception
        boolean interrupted = Thread.interrupted();
        consumer.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

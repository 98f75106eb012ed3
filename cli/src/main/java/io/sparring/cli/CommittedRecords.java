package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.TopicTail;
import io.sparring.pipeline.TrimmedRecords;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/** What a run has committed to its topics up to now, shown record by record: a topic may be larger than memory. */
record CommittedRecords(KafkaSettings kafka, String run) {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final long FEW = 8;

    /** Shows all records of a topic, each partition's in order. */
    <K, T extends SpecificRecord> void each(RunTopic topic, Deserializer<K> keys, Class<T> type,
            Consumer<ConsumerRecord<K, Received<T>>> reader) {
        last(topic, Long.MAX_VALUE, keys, type, reader);
    }

    /**
     * Shows the last records of a topic, each partition's in order.
     *
     * @param offsets how many offsets of each partition; markers of transactions are among them
     */
    <K, T extends SpecificRecord> void last(RunTopic topic, long offsets, Deserializer<K> keys, Class<T> type,
            Consumer<ConsumerRecord<K, Received<T>>> reader) {
        try (KafkaConsumer<K, Received<T>> consumer = kafka.reader(keys, WireFormat.of(type).receiver())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.of(run)).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition())).toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            partitions.forEach(partition -> consumer.seek(partition,
                    Math.max(beginnings.get(partition), ends.get(partition) - offsets)));
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                poll(consumer).forEach(reader);
            }
        }
    }

    /** The newest record of a topic of one partition that is one of ours. */
    <T extends SpecificRecord> Optional<T> newest(RunTopic topic, Class<T> type, Predicate<T> valid) {
        try (KafkaConsumer<byte[], Received<T>> consumer =
                kafka.reader(new ByteArrayDeserializer(), WireFormat.of(type).receiver())) {
            return TopicTail.newest(consumer, new TopicPartition(topic.of(run), 0), FEW, () -> record ->
                    Optional.ofNullable(record.value()).map(Received::value).filter(valid), () -> false);
        }
    }

    private static <K, T> ConsumerRecords<K, T> poll(KafkaConsumer<K, T> consumer) {
        try {
            return consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            TrimmedRecords.skip(consumer, e);
            return ConsumerRecords.empty();
        }
    }
}

package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What a run has committed to its topics up to now. */
record RunLog(KafkaSettings kafka, String run) {

    RunLog(String bootstrapServers, String run) {
        this(KafkaSettings.of(bootstrapServers), run);
    }

    /** One record of a topic. */
    record Entry<K, T>(int partition, long offset, K key, T value) {
    }

    /** A topic whose keys are batch numbers, partition by partition. */
    <T extends SpecificRecord> List<Entry<Long, T>> numbered(RunTopic topic, Class<T> type) {
        return read(topic, new LongDeserializer(), type);
    }

    /** A topic whose keys are names. */
    <T extends SpecificRecord> List<Entry<String, T>> named(RunTopic topic, Class<T> type) {
        return read(topic, new StringDeserializer(), type);
    }

    private <K, T extends SpecificRecord> List<Entry<K, T>> read(RunTopic topic, Deserializer<K> keys, Class<T> type) {
        List<Entry<K, T>> entries = new ArrayList<>();
        try (KafkaConsumer<K, Received<T>> reader = kafka.reader(keys, WireFormat.of(type).receiver())) {
            List<TopicPartition> partitions = reader.partitionsFor(topic.of(run)).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition())).toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> reader.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<K, Received<T>> record : reader.poll(Duration.ofMillis(50))) {
                    assertThat(record.value().failure()).isNull();
                    entries.add(new Entry<>(record.partition(), record.offset(), record.key(), record.value().value()));
                }
            }
        }
        entries.sort(Comparator.<Entry<K, T>>comparingInt(Entry::partition).thenComparingLong(Entry::offset));
        return entries;
    }
}

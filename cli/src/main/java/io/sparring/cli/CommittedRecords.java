package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** What a run has committed to its topics up to now, shown record by record: a topic may be larger than memory. */
record CommittedRecords(KafkaSettings kafka, String run) {

    private static final Duration POLL = Duration.ofMillis(50);

    /** Shows all records of a topic, each partition's in order. */
    <K, T extends SpecificRecord> void each(RunTopic topic, Deserializer<K> keys, Class<T> type,
            Consumer<ConsumerRecord<K, Received<T>>> reader) {
        try (KafkaConsumer<K, Received<T>> consumer = kafka.reader(keys, WireFormat.of(type).receiver())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.of(run)).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(POLL).forEach(reader);
            }
        }
    }
}

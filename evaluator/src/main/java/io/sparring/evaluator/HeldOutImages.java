package io.sparring.evaluator;

import io.sparring.pipeline.BatchCheck;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The held-out batches of the partitions that this evaluator is assigned, held in memory as long as it is. */
final class HeldOutImages implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeldOutImages.class);

    private final Consumer<Long, Received<ImageBatch>> consumer;
    private final SortedMap<Long, ConsumerRecord<Long, Received<ImageBatch>>> batches = new TreeMap<>();

    /** @param consumer a member of the evaluators' group, whose offsets are never committed; closed with this */
    HeldOutImages(Consumer<Long, Received<ImageBatch>> consumer, String topic) {
        this.consumer = consumer;
        consumer.subscribe(List.of(topic), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                if (!partitions.isEmpty()) {
                    consumer.seekToBeginning(partitions);
                }
                LOG.info("assigned {}", partitions);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                batches.values().removeIf(batch -> partitions.contains(new TopicPartition(batch.topic(), batch.partition())));
            }
        });
    }

    /** Takes part in the group's life and reads what has arrived. */
    void poll(Duration atMost) {
        for (ConsumerRecord<Long, Received<ImageBatch>> record : consumer.poll(atMost)) {
            Optional<String> problem = BatchCheck.problem(record);
            if (problem.isPresent()) {
                LOG.warn("passed over {}-{} offset {}: {}", record.topic(), record.partition(), record.offset(), problem.get());
            } else {
                batches.putIfAbsent(record.key(), record);
            }
        }
    }

    /** The batches held now, by number. */
    Collection<ImageBatch> batches() {
        return batches.values().stream().map(record -> record.value().value()).toList();
    }

    @Override
    public void close() {
        consumer.close();
    }
}

package io.sparring.evaluator;

import io.sparring.pipeline.BatchCheck;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SetAside;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The held-out batches of the partitions that this evaluator is assigned, held in memory as long as it is. What is none of the
 * run's is set aside, and so is a further copy of one.
 */
final class HeldOutImages implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeldOutImages.class);
    private static final WireFormat<ImageBatch> FORMAT = WireFormat.of(ImageBatch.class);

    private final Consumer<Long, Received<ImageBatch>> consumer;
    private final RunSpecification run;
    private final Function<ImageBatch, Optional<String>> misfit;
    private final SetAside aside;
    private final SortedMap<Long, ConsumerRecord<Long, Received<ImageBatch>>> batches = new TreeMap<>();

    /**
     * @param consumer a member of the evaluators' group, whose offsets are never committed; closed with this
     * @param misfit why the run's model cannot take a batch, or nothing
     * @param aside where records go that are no held-out batch of the run
     */
    HeldOutImages(Consumer<Long, Received<ImageBatch>> consumer, RunSpecification run,
            Function<ImageBatch, Optional<String>> misfit, SetAside aside) {
        this.consumer = consumer;
        this.run = run;
        this.misfit = misfit;
        this.aside = aside;
        consumer.subscribe(List.of(RunTopic.HELD_OUT_BATCHES.of(run.run())), new ConsumerRebalanceListener() {
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
        consumer.poll(atMost).forEach(this::take);
    }

    private void take(ConsumerRecord<Long, Received<ImageBatch>> record) {
        Optional<String> problem = BatchCheck.problem(record).or(() -> numberProblem(record))
                .or(() -> misfit.apply(record.value().value()));
        if (problem.isPresent()) {
            aside.add(record, FORMAT.bytes(record.value()), problem.get());
            return;
        }
        ConsumerRecord<Long, Received<ImageBatch>> first = batches.putIfAbsent(record.key(), record);
        if (first != null && first.offset() != record.offset()) {
            aside.add(record, null, "a duplicate of held-out batch " + record.key() + ", which is at offset " + first.offset());
        }
    }

    private Optional<String> numberProblem(ConsumerRecord<Long, Received<ImageBatch>> record) {
        return record.key() < run.heldOutBatches() && RunTopic.partitionOf(record.key(), run.partitions()) == record.partition()
                ? Optional.empty() : Optional.of("key: " + record.key() + "; allowed: a batch number of partition "
                        + record.partition() + " below " + run.heldOutBatches());
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

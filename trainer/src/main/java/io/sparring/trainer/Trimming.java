package io.sparring.trainer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sparring.pipeline.Metric;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.Position;
import io.sparring.schemas.RunTopic;
import io.sparring.trainer.KeptCheckpoint.Needs;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what no kept checkpoint needs, whenever there is another one. Nobody waits for it: what could not be deleted is
 * asked for again with the next checkpoint. Of each topic the last record stays, which is where others see how far the run is.
 *
 * <p>Where the topics begin to be needed is known from what this trainer has sent, and written into each checkpoint, so that the
 * next trainer need not read the weights of all updates to know it. A former leader that trims late deletes nothing that a
 * later one needs: what is needed only moves on.
 */
final class Trimming implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(Trimming.class);

    /** How records are deleted. */
    interface Deletion {

        /** {@code Admin.deleteRecords}. */
        KafkaFuture<?> delete(Map<TopicPartition, RecordsToDelete> records);

        default void close() {
        }
    }

    /** By Kafka's own client, which is closed with the trimming. */
    record ByAdmin(Admin admin) implements Deletion {

        @Override
        public KafkaFuture<?> delete(Map<TopicPartition, RecordsToDelete> records) {
            return admin.deleteRecords(records).all();
        }

        @Override
        public void close() {
            // what is under way is not waited for: the next trainer asks again
            admin.close(PATIENCE);
        }
    }

    /** An update's first record. */
    private record Sent(long nextBatch, long offset) {
    }

    private final RunSpecification run;
    private final Deletion deletion;
    private final Supplier<List<KeptCheckpoint>> before;
    private final Counter failures;
    private final Map<TopicPartition, Long> deleted = new ConcurrentHashMap<>();
    private final Deque<KeptCheckpoint> checkpoints = new ArrayDeque<>();
    private final Deque<Sent> updates = new ArrayDeque<>();
    private boolean beforeRead;
    private Needs needs = Needs.ALL;

    /** @param before reads the checkpoints that earlier leaders have left, oldest first; called once, before one is added */
    Trimming(RunSpecification run, Deletion deletion, Supplier<List<KeptCheckpoint>> before, MeterRegistry meters) {
        this.run = run;
        this.deletion = deletion;
        this.before = before;
        this.failures = Metric.TRIMMING_FAILURES.counter(meters);
    }

    /** What a checkpoint needs that is made now, of what has been published up to now. */
    Needs needs() {
        if (!beforeRead) {
            beforeRead = true;
            checkpoints.addAll(before.get());
            if (!checkpoints.isEmpty()) {
                Needs last = checkpoints.getLast().needs();
                needs = new Needs(Math.max(last.updates(), needs.updates()), Math.max(last.steps(), needs.steps()));
            }
        }
        return needs;
    }

    /**
     * An update has been committed.
     *
     * @param offset of its first record
     * @param lastStep offset of the last training step that was committed with it or before; negative if that is not known
     */
    void published(long nextBatch, long offset, long lastStep) {
        if (updates.isEmpty() || updates.getLast().nextBatch() != nextBatch) {
            updates.addLast(new Sent(nextBatch, offset));
        }
        boolean enough = updates.size() > updatesKept();
        if (enough) {
            updates.removeFirst();
        }
        needs = new Needs(enough ? updates.getFirst().offset() : needs.updates(), Math.max(needs.steps(), lastStep));
    }

    /** Those that an attacker may craft against while batches within the window are without an outcome, and some to spare. */
    private int updatesKept() {
        return run.window() / run.publishing().interval() + 3;
    }

    /**
     * A checkpoint has been committed, whose {@link #needs()} were those; deletes what has become useless.
     *
     * @param offset of its first record
     */
    void checkpointed(long offset, Position position, Needs its) {
        checkpoints.addLast(new KeptCheckpoint(offset, position, its));
        while (checkpoints.size() > run.publishing().checkpointsKept()) {
            checkpoints.removeFirst();
        }
        Map<TopicPartition, Long> useless = useless(checkpoints.getFirst());
        useless.entrySet().removeIf(entry -> entry.getValue() <= deleted.getOrDefault(entry.getKey(), 0L));
        if (useless.isEmpty()) {
            return;
        }
        Map<TopicPartition, RecordsToDelete> records = new HashMap<>();
        useless.forEach((partition, first) -> records.put(partition, RecordsToDelete.beforeOffset(first)));
        deletion.delete(records).whenComplete((done, failure) -> {
            if (failure == null) {
                deleted.putAll(useless);
                LOG.debug("trimmed up to the checkpoint of batch {}", position.getNextBatch());
            } else {
                failures.increment();
                LOG.warn("cannot trim the run's topics, which is tried again with the next checkpoint: {}", failure.toString());
            }
        });
    }

    /** Of each partition, the first offset that stays. */
    private Map<TopicPartition, Long> useless(KeptCheckpoint oldest) {
        Map<TopicPartition, Long> first = new HashMap<>();
        first.put(partition(RunTopic.CHECKPOINTS, 0), oldest.offset());
        first.put(partition(RunTopic.MODEL_UPDATES, 0), oldest.needs().updates());
        first.put(partition(RunTopic.TRAINING_STEPS, 0), oldest.needs().steps());
        for (int p = 0; p < run.partitions(); p++) {
            // either the record at that offset is there, or the one before it was the last that was read: one of them stays
            first.put(partition(RunTopic.CLEAN_BATCHES, p), oldest.position().getCleanOffsets().get(p) - 1);
            first.put(partition(RunTopic.ADVERSARIAL_BATCHES, p), oldest.position().getAdversarialOffsets().get(p) - 1);
        }
        return first;
    }

    @Override
    public void close() {
        deletion.close();
    }

    private TopicPartition partition(RunTopic topic, int partition) {
        return new TopicPartition(topic.of(run.run()), partition);
    }
}

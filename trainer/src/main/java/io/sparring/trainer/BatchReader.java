package io.sparring.trainer;

import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * One of the two batch topics as the trainer reads it: records staged by batch number until their turn comes, the first
 * copy of a number only. A partition of which enough is staged is paused, so memory is bounded whatever arrives.
 *
 * @param <T> the topic's record
 */
final class BatchReader<T> implements AutoCloseable {

    /** Per partition; what was fetched beyond it stays in the consumer's own bounded buffer. */
    private static final int STAGED = 8;

    private final Consumer<Long, Received<T>> consumer;
    private final List<TopicPartition> partitions;
    private final Admission<T> admission;
    private final TreeMap<Long, ConsumerRecord<Long, Received<T>>> staged = new TreeMap<>();
    private final int[] stagedOf;
    private final long[] positions;
    private final long[] highest;
    private final long firstBatch;
    private long nextBatch;

    /**
     * Reads on from a position.
     *
     * @param consumer assigned and positioned by this, closed with it
     * @param offsets per partition, the first to read
     * @param nextBatch what is below is not staged
     * @param usable what is not is passed over as if it were not there
     */
    BatchReader(Consumer<Long, Received<T>> consumer, String topic, List<Long> offsets, long nextBatch,
            Predicate<ConsumerRecord<Long, Received<T>>> usable) {
        this(consumer, topic, offsets, nextBatch, Admission.of(usable));
    }

    /**
     * Reads on from a position.
     *
     * @param admission which records are taken, and what becomes of the others
     */
    BatchReader(Consumer<Long, Received<T>> consumer, String topic, List<Long> offsets, long nextBatch, Admission<T> admission) {
        this.consumer = consumer;
        this.admission = admission;
        this.firstBatch = nextBatch;
        this.nextBatch = nextBatch;
        this.partitions = IntStream.range(0, offsets.size()).mapToObj(p -> new TopicPartition(topic, p)).toList();
        this.stagedOf = new int[offsets.size()];
        this.highest = new long[offsets.size()];
        Arrays.fill(highest, -1);
        this.positions = offsets.stream().mapToLong(Long::longValue).toArray();
        consumer.assign(partitions);
        partitions.forEach(partition -> consumer.seek(partition, positions[partition.partition()]));
    }

    /** Stages what has arrived. */
    void poll(Duration atMost) {
        for (TopicPartition partition : partitions) {
            if (stagedOf[partition.partition()] >= STAGED && staged.containsKey(lowest(partition.partition()))) {
                consumer.pause(List.of(partition));
            } else {
                consumer.resume(List.of(partition));
            }
        }
        for (ConsumerRecord<Long, Received<T>> record : consumer.poll(atMost)) {
            stage(record);
        }
    }

    /** The partition's batch whose turn comes first. What others have written must not keep it from being read. */
    private long lowest(int partition) {
        return nextBatch + Math.floorMod(partition - nextBatch, (long) partitions.size());
    }

    private void stage(ConsumerRecord<Long, Received<T>> record) {
        positions[record.partition()] = record.offset() + 1;
        Optional<String> problem = admission.problem(record, nextBatch, partitions.size());
        if (problem.isPresent()) {
            admission.setAside(record, problem.get());
            return;
        }
        long number = record.key();
        if (number < nextBatch || staged.containsKey(number)) {
            // what was taken before this reader began is not told from copies of it
            if (number >= firstBatch) {
                admission.duplicate(record);
            }
            return;
        }
        if (admission.inOrder() && number < highest[record.partition()]) {
            // whether a number is a gap must not depend on when it was looked for
            admission.setAside(record, "key: " + number + "; allowed: none below " + highest[record.partition()]
                    + ", which came before it in its partition");
            return;
        }
        Optional<String> bad = admission.bad(record);
        highest[record.partition()] = Math.max(highest[record.partition()], bad.isPresent() ? -1 : number);
        admission.taken(record);
        // what is wrong with it is all that is needed of it
        staged.put(number, bad.isEmpty() ? record : new ConsumerRecord<>(record.topic(), record.partition(), record.offset(),
                record.key(), Received.unreadable(new byte[0], bad.get())));
        stagedOf[record.partition()]++;
    }

    /**
     * Whether a batch that is not staged can never come: its topic's one writer writes each partition in order of number, and a
     * later one of its partition, with nothing wrong about it, has come.
     */
    boolean skipped(long batchNumber) {
        return !staged.containsKey(batchNumber) && highest[RunTopic.partitionOf(batchNumber, partitions.size())] > batchNumber;
    }

    /** Sets a staged record aside. */
    void setAside(long batchNumber, String reason) {
        get(batchNumber).ifPresent(record -> admission.setAside(record, reason));
    }

    /** The first copy of a batch number, if it has arrived. */
    Optional<ConsumerRecord<Long, Received<T>>> get(long batchNumber) {
        return Optional.ofNullable(staged.get(batchNumber));
    }

    /** How many batches are staged. */
    int size() {
        return staged.size();
    }

    /** Lets go of all batches below {@code newNextBatch}: they have their outcomes. */
    void advance(long newNextBatch) {
        nextBatch = newNextBatch;
        while (!staged.isEmpty() && staged.firstKey() < newNextBatch) {
            stagedOf[staged.pollFirstEntry().getValue().partition()]--;
        }
    }

    /** Per partition, the first offset whose record is still needed. */
    List<Long> offsets() {
        long[] needed = positions.clone();
        for (ConsumerRecord<Long, Received<T>> record : staged.values()) {
            needed[record.partition()] = Math.min(needed[record.partition()], record.offset());
        }
        return Arrays.stream(needed).boxed().toList();
    }

    @Override
    public void close() {
        consumer.close();
    }
}

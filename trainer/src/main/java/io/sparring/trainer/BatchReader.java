package io.sparring.trainer;

import io.sparring.pipeline.TrimmedRecords;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * One of the two batch topics as the trainer reads it: records staged by batch number until their turn comes, the first
 * copy of a number only. A partition of which enough is staged is paused, so memory is bounded whatever arrives.
 *
 * @param <T> the topic's record
 */
final class BatchReader<T> implements AutoCloseable {

    private final Consumer<Long, Received<T>> consumer;
    private final List<TopicPartition> partitions;
    private final Admission<T> admission;
    private final Outcomes outcomes;
    private final int enough;
    /** In order of arrival. */
    private final Map<Long, ConsumerRecord<Long, Received<T>>> staged = new LinkedHashMap<>();
    private final int[] stagedOf;
    private final long[] positions;
    private final long[] highest;
    private final long firstBatch;
    private final Set<Long> outcomesAbove;

    /**
     * Reads on from a position.
     *
     * @param consumer assigned and positioned by this, closed with it
     * @param offsets per partition, the first to read
     * @param outcomes what has one is not staged
     * @param enough records of a partition after which it is paused; what was fetched beyond stays in the consumer's own bounded
     *     buffer
     * @param admission which records are taken, and what becomes of the others
     */
    BatchReader(Consumer<Long, Received<T>> consumer, String topic, List<Long> offsets, Outcomes outcomes, int enough,
            Admission<T> admission) {
        this.consumer = consumer;
        this.admission = admission;
        this.outcomes = outcomes;
        this.enough = enough;
        this.firstBatch = outcomes.next();
        this.outcomesAbove = Set.copyOf(outcomes.above());
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
            if (stagedOf[partition.partition()] >= enough && staged.containsKey(lowest(partition.partition()))) {
                consumer.pause(List.of(partition));
            } else {
                consumer.resume(List.of(partition));
            }
        }
        try {
            consumer.poll(atMost).forEach(this::stage);
        } catch (OffsetOutOfRangeException e) {
            throw TrimmedRecords.error(consumer, e);
        }
    }

    /** The partition's batch whose turn comes first. What others have written must not keep it from being read. */
    private long lowest(int partition) {
        long number = outcomes.next() + Math.floorMod(partition - outcomes.next(), (long) partitions.size());
        while (outcomes.has(number)) {
            number += partitions.size();
        }
        return number;
    }

    private void stage(ConsumerRecord<Long, Received<T>> record) {
        Optional<String> bad = take(record);
        if (bad.isEmpty()) {
            // so that what is trimmed below it leaves the producer a batch of its own to go on from
            positions[record.partition()] = record.offset() + 1;
        }
    }

    /** Says what is wrong with it, if anything is. */
    private Optional<String> take(ConsumerRecord<Long, Received<T>> record) {
        Optional<String> problem = admission.problem(record, outcomes.next(), partitions.size());
        if (problem.isPresent()) {
            admission.setAside(record, problem.get());
            return problem;
        }
        long number = record.key();
        Optional<String> bad = admission.bad(record);
        if (outcomes.has(number) || staged.containsKey(number)) {
            // what was taken before this reader began is not told from copies of it
            if (number >= firstBatch && !outcomesAbove.contains(number)) {
                admission.duplicate(record);
            }
            return bad;
        }
        if (admission.inOrder() && number < highest[record.partition()]) {
            // whether a number is a gap must not depend on when it was looked for
            String late = "key: " + number + "; allowed: none below " + highest[record.partition()]
                    + ", which came before it in its partition";
            admission.setAside(record, late);
            return Optional.of(late);
        }
        highest[record.partition()] = Math.max(highest[record.partition()], bad.isPresent() ? -1 : number);
        admission.taken(record);
        // what is wrong with it is all that is needed of it
        staged.put(number, bad.isEmpty() ? record : new ConsumerRecord<>(record.topic(), record.partition(), record.offset(),
                record.key(), Received.unreadable(new byte[0], bad.get())));
        stagedOf[record.partition()]++;
        return bad;
    }

    /**
     * Whether a batch without an outcome that is not staged can never come: its topic's one writer writes each partition in order
     * of number, and a later one of its partition, with nothing wrong about it, has come.
     */
    boolean skipped(long batchNumber) {
        return !staged.containsKey(batchNumber) && !outcomes.has(batchNumber)
                && highest[RunTopic.partitionOf(batchNumber, partitions.size())] > batchNumber;
    }

    /** Sets a staged record aside. */
    void setAside(long batchNumber, String reason) {
        get(batchNumber).ifPresent(record -> admission.setAside(record, reason));
    }

    /** The first copy of a batch number, if it has arrived. */
    Optional<ConsumerRecord<Long, Received<T>>> get(long batchNumber) {
        return Optional.ofNullable(staged.get(batchNumber));
    }

    /** The numbers that are staged, in the order in which their first copies arrived. */
    Stream<Long> numbers() {
        return staged.keySet().stream();
    }

    /** How many batches are staged. */
    int size() {
        return staged.size();
    }

    /** Lets go of a batch, if it is staged: it has its outcome. */
    void remove(long batchNumber) {
        ConsumerRecord<Long, Received<T>> record = staged.remove(batchNumber);
        if (record != null) {
            stagedOf[record.partition()]--;
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

package io.sparring.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * A transaction as the broker has it: open, then decided, then ended in each partition by a marker of its own, so that one
 * reader sees it earlier than another.
 */
final class SimulatedTransaction {

    enum Fate { OPEN, COMMITTED, ABORTED }

    private final String id;
    private final int epoch;
    private final String by;
    private final long began;
    private final List<SimulatedRecord> records = new ArrayList<>();
    private final Deque<SimulatedPartition> unmarked = new ArrayDeque<>();
    private final Map<SimulatedGroup, Map<TopicPartition, OffsetAndMetadata>> offsets = new LinkedHashMap<>();
    private Fate fate = Fate.OPEN;

    /** @param by the process that opened it */
    SimulatedTransaction(String id, int epoch, String by, long began) {
        this.id = id;
        this.epoch = epoch;
        this.by = by;
        this.began = began;
    }

    String id() {
        return id;
    }

    int epoch() {
        return epoch;
    }

    String by() {
        return by;
    }

    long began() {
        return began;
    }

    Fate fate() {
        return fate;
    }

    List<SimulatedRecord> records() {
        return records;
    }

    void add(SimulatedPartition partition, SimulatedRecord record) {
        records.add(record);
        if (!unmarked.contains(partition)) {
            unmarked.add(partition);
        }
    }

    void add(SimulatedGroup group, Map<TopicPartition, OffsetAndMetadata> positions) {
        offsets.computeIfAbsent(group, each -> new LinkedHashMap<>()).putAll(positions);
    }

    /** The positions of groups that come with it. */
    Map<TopicPartition, OffsetAndMetadata> positions() {
        Map<TopicPartition, OffsetAndMetadata> all = new LinkedHashMap<>();
        offsets.values().forEach(all::putAll);
        return all;
    }

    /** Whether a position of that partition hangs on the outcome. */
    boolean holds(SimulatedGroup group, TopicPartition partition) {
        return offsets.getOrDefault(group, Map.of()).containsKey(partition);
    }

    void decide(boolean commit) {
        fate = commit ? Fate.COMMITTED : Fate.ABORTED;
    }

    /** Writes one marker, in a partition or among the groups' positions; false if that was the last. */
    boolean mark(Random random) {
        if (!offsets.isEmpty() && (unmarked.isEmpty() || random.nextBoolean())) {
            if (fate == Fate.COMMITTED) {
                offsets.forEach(SimulatedGroup::commit);
            }
            offsets.clear();
        } else if (!unmarked.isEmpty()) {
            unmarked.poll().mark(this);
        }
        return !unmarked.isEmpty() || !offsets.isEmpty();
    }
}

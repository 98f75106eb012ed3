package io.sparring.simulation;

import io.sparring.schemas.RunTopic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.Headers;

/** One Kafka broker in memory, as far as transactions, isolation and groups go; its time is its own and never goes back. */
final class SimulatedBroker {

    static final long TRANSACTION_MILLIS = 10_000;
    static final long BEGINNING = 1_700_000_000_000L;

    private final String run;
    private final int partitionsOfRun;
    private final boolean fences;
    private final Random random;
    private final Consumer<SimulatedTransaction> committed;
    private final Map<TopicPartition, SimulatedPartition> partitions = new LinkedHashMap<>();
    private final Map<String, SimulatedGroup> groups = new LinkedHashMap<>();
    private final Map<String, Integer> epochs = new HashMap<>();
    private final Map<String, SimulatedTransaction> open = new LinkedHashMap<>();
    private final List<SimulatedTransaction> decided = new ArrayList<>();
    private long now = BEGINNING;

    /**
     * @param fences whether a new producer ends the rights of the one before it; a broker that does not is none
     * @param committed is told of each transaction when it is decided so
     */
    SimulatedBroker(String run, int partitionsOfRun, boolean fences, Random random, Consumer<SimulatedTransaction> committed) {
        this.run = run;
        this.partitionsOfRun = partitionsOfRun;
        this.fences = fences;
        this.random = random;
        this.committed = committed;
        for (RunTopic topic : RunTopic.values()) {
            for (int partition = 0; partition < topic.partitions(partitionsOfRun); partition++) {
                TopicPartition name = new TopicPartition(topic.of(run), partition);
                partitions.put(name, new SimulatedPartition(name));
            }
        }
    }

    long now() {
        return now;
    }

    SimulatedPartition partition(TopicPartition name) {
        return partitions.get(name);
    }

    SimulatedGroup group(String name, RunTopic topic) {
        return groups.computeIfAbsent(name, each -> new SimulatedGroup(name, IntStream.range(0,
                topic.partitions(partitionsOfRun)).mapToObj(p -> new TopicPartition(topic.of(run), p)).toList(), random));
    }

    SimulatedGroup group(String name) {
        return groups.get(name);
    }

    void forward(long millis) {
        now += millis;
        groups.values().forEach(group -> group.expire(now));
        for (SimulatedTransaction each : List.copyOf(open.values())) {
            if (now - each.began() > TRANSACTION_MILLIS) {
                // as if another had taken the id: who began it can neither go on nor commit
                epochs.merge(each.id(), 1, Integer::sum);
                decide(each, false);
            }
        }
    }

    /** Writes one marker of a decided transaction, if there is one. */
    void mark() {
        if (!decided.isEmpty()) {
            int chosen = random.nextInt(decided.size());
            if (!decided.get(chosen).mark(random)) {
                decided.remove(chosen);
            }
        }
    }

    void shake() {
        if (!groups.isEmpty()) {
            List.copyOf(groups.values()).get(random.nextInt(groups.size())).shake();
        }
    }

    /** Gives the id to a new producer: what the one before it had open is aborted. */
    int takeOver(String id) {
        SimulatedTransaction left = open.get(id);
        if (left != null) {
            decide(left, false);
        }
        return epochs.merge(id, 1, Integer::sum);
    }

    /** Whether a transaction of the id is decided, but not ended everywhere: the next has to wait for that. */
    boolean ending(String id) {
        return decided.stream().anyMatch(each -> each.id().equals(id));
    }

    SimulatedTransaction begin(String id, int epoch, String by) {
        requireNewest(id, epoch);
        SimulatedTransaction transaction = new SimulatedTransaction(id, epoch, by, now);
        open.put(id, transaction);
        return transaction;
    }

    /** The record's offset. */
    long append(SimulatedTransaction transaction, TopicPartition partition, byte[] key, byte[] value, Headers headers) {
        requireNewest(transaction.id(), transaction.epoch());
        return partitions.get(partition).append(key, value, headers, transaction);
    }

    void end(SimulatedTransaction transaction, boolean commit) {
        requireNewest(transaction.id(), transaction.epoch());
        if (transaction.fate() == SimulatedTransaction.Fate.OPEN) {
            decide(transaction, commit);
        }
    }

    void requireNewest(String id, int epoch) {
        if (fences && epochs.get(id) != epoch) {
            throw new ProducerFencedException(id + " has been taken over");
        }
    }

    /** Whether a position is in an undecided or unfinished transaction; who asks for it waits for that. */
    boolean unstable(SimulatedGroup group, TopicPartition partition) {
        return open.values().stream().anyMatch(each -> each.holds(group, partition))
                || decided.stream().anyMatch(each -> each.holds(group, partition));
    }

    OffsetAndMetadata position(SimulatedGroup group, TopicPartition partition) {
        return group.committed(partition);
    }

    private void decide(SimulatedTransaction transaction, boolean commit) {
        open.remove(transaction.id());
        transaction.decide(commit);
        decided.add(transaction);
        if (commit) {
            committed.accept(transaction);
        }
    }
}

package io.sparring.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** The methods of a Consumer that reads what is committed and has no position but those it is given. */
public final class SimulatedConsumer<K, V> {

    /** The setting max.poll.records of every consumer of ours. */
    public static final int MOST = 16;

    private final SimulatedProcess process;
    private final SimulatedBroker broker;
    private final Fate fate;
    private final SimulatedGroup group;
    private final Deserializer<K> keys;
    private final Deserializer<V> values;
    private final Map<TopicPartition, Long> positions = new LinkedHashMap<>();
    private final Set<TopicPartition> paused = new LinkedHashSet<>();
    private ConsumerRebalanceListener listener;
    private String member;
    private int generation;

    /** @param group null for one that assigns its partitions itself */
    SimulatedConsumer(SimulatedProcess process, SimulatedBroker broker, Fate fate, SimulatedGroup group, Deserializer<K> keys,
            Deserializer<V> values) {
        this.process = process;
        this.broker = broker;
        this.fate = fate;
        this.group = group;
        this.keys = keys;
        this.values = values;
    }

    void assign(Collection<TopicPartition> partitions) {
        positions.clear();
        partitions.forEach(partition -> positions.put(partition, null));
    }

    void subscribe(Collection<String> topics, ConsumerRebalanceListener told) {
        listener = told;
    }

    void seek(TopicPartition partition, long offset) {
        positions.put(partition, offset);
    }

    void seek(TopicPartition partition, OffsetAndMetadata offset) {
        positions.put(partition, offset.offset());
    }

    void seekToBeginning(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> positions.put(partition, broker.partition(partition).start()));
    }

    OptionalLong currentLag(TopicPartition partition) {
        return OptionalLong.of(broker.partition(partition).end() - positions.get(partition));
    }

    long position(TopicPartition partition) {
        return positions.get(partition);
    }

    void pause(Collection<TopicPartition> partitions) {
        paused.addAll(partitions);
    }

    void resume(Collection<TopicPartition> partitions) {
        paused.removeAll(partitions);
    }

    Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
        return partitions.stream().collect(Collectors.toMap(each -> each, each -> broker.partition(each).start()));
    }

    Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        return partitions.stream().collect(Collectors.toMap(each -> each, each -> broker.partition(each).end()));
    }

    Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        for (TopicPartition partition : partitions) {
            fate.await(process, () -> !broker.unstable(group, partition));
            committed.put(partition, broker.position(group, partition));
        }
        return committed;
    }

    ConsumerGroupMetadata groupMetadata() {
        return new ConsumerGroupMetadata(group.name(), generation, member, Optional.empty());
    }

    ConsumerRecords<K, V> poll(Duration atMost) {
        fate.at(process, "polls", positions);
        if (group != null) {
            hear();
        }
        Map<TopicPartition, List<ConsumerRecord<K, V>>> found = new LinkedHashMap<>();
        int room = fate.chance(2) ? MOST : fate.chance(2) ? 1 : 0;
        List<TopicPartition> partitions = new ArrayList<>(positions.keySet());
        if (partitions.size() > 1 && fate.chance(2)) {
            partitions.add(partitions.remove(0));
        }
        // as Kafka's: no poll both gives records and says that others are lost
        partitions.stream().filter(partition -> !paused.contains(partition)).forEach(this::requireThere);
        for (TopicPartition partition : partitions) {
            if (!paused.contains(partition)) {
                List<ConsumerRecord<K, V>> records = fetch(partition, room);
                room -= records.size();
                if (!records.isEmpty()) {
                    found.put(partition, records);
                }
            }
        }
        return new ConsumerRecords<>(found, Map.of());
    }

    void close() {
        if (member != null) {
            group.leave(member);
        }
    }

    private void requireThere(TopicPartition partition) {
        long position = positions.get(partition);
        if (position < broker.partition(partition).start()) {
            throw new OffsetOutOfRangeException(Map.of(partition, position));
        }
    }

    private List<ConsumerRecord<K, V>> fetch(TopicPartition partition, int room) {
        SimulatedPartition log = broker.partition(partition);
        long position = positions.get(partition);
        List<ConsumerRecord<K, V>> records = new ArrayList<>();
        long end = log.end();
        for (; position < end && records.size() < room; position++) {
            if (log.at(position).committed()) {
                records.add(log.at(position).read(keys, values));
            }
        }
        positions.put(partition, position);
        return records;
    }

    private void hear() {
        if (member == null || !group.has(member)) {
            List<TopicPartition> lost = List.copyOf(positions.keySet());
            positions.clear();
            paused.clear();
            if (!lost.isEmpty()) {
                listener.onPartitionsLost(lost);
            }
            member = group.join(process);
        }
        SimulatedGroup.News news = group.poll(member);
        if (news != null) {
            generation = news.generation();
            List<TopicPartition> revoked = news.revoked().stream().map(group::partition).toList();
            if (!revoked.isEmpty()) {
                listener.onPartitionsRevoked(revoked);
                positions.keySet().removeAll(revoked);
                paused.removeAll(revoked);
            }
            List<TopicPartition> assigned = news.assigned().stream().map(group::partition).toList();
            assigned.forEach(partition -> positions.put(partition, null));
            listener.onPartitionsAssigned(assigned);
        }
    }
}

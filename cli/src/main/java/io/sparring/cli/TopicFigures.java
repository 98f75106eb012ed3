package io.sparring.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;

/**
 * A topic in figures.
 *
 * @param replication copies of each partition
 * @param offsets that it holds; markers of transactions are among them
 * @param bytes on disk, of all copies; null where this user may not ask
 * @param configuration what differs from the brokers' defaults
 */
record TopicFigures(String topic, int replication, long offsets, Long bytes, List<Partition> partitions,
        Map<String, String> configuration) {

    /**
     * One of its partitions.
     *
     * @param leader id of the broker, -1 for none
     * @param inSync ids of the brokers whose copies are complete
     * @param bytes on disk, of all copies; null where this user may not ask
     */
    record Partition(int partition, int leader, List<Integer> replicas, List<Integer> inSync, long firstOffset, long endOffset,
            Long bytes) {
    }

    static List<TopicFigures> of(Admin admin, Collection<String> topics) {
        try {
            Map<String, TopicDescription> descriptions = admin.describeTopics(topics).allTopicNames().get();
            List<TopicPartition> partitions = descriptions.values().stream().flatMap(topic -> topic.partitions().stream()
                    .map(partition -> new TopicPartition(topic.name(), partition.partition()))).toList();
            Map<TopicPartition, Long> first = offsets(admin, partitions, OffsetSpec.earliest());
            Map<TopicPartition, Long> end = offsets(admin, partitions, OffsetSpec.latest());
            Map<TopicPartition, Long> bytes = bytes(admin);
            Map<String, Map<String, String>> configurations = configurations(admin, topics);
            return topics.stream().map(name -> of(descriptions.get(name), first, end, bytes, configurations.get(name))).toList();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot describe the topics: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static TopicFigures of(TopicDescription topic, Map<TopicPartition, Long> first, Map<TopicPartition, Long> end,
            Map<TopicPartition, Long> bytes, Map<String, String> configuration) {
        List<Partition> partitions = topic.partitions().stream().map(info -> {
            TopicPartition partition = new TopicPartition(topic.name(), info.partition());
            return new Partition(info.partition(), info.leader() == null ? Node.noNode().id() : info.leader().id(),
                    info.replicas().stream().map(Node::id).toList(), info.isr().stream().map(Node::id).toList(),
                    first.get(partition), end.get(partition), bytes == null ? null : bytes.getOrDefault(partition, 0L));
        }).toList();
        return new TopicFigures(topic.name(), partitions.stream().mapToInt(each -> each.replicas().size()).max().orElse(0),
                partitions.stream().mapToLong(each -> each.endOffset() - each.firstOffset()).sum(),
                bytes == null ? null : partitions.stream().mapToLong(Partition::bytes).sum(), partitions, configuration);
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, List<TopicPartition> partitions, OffsetSpec which)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.listOffsets(partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> which))).all().get()
                .forEach((partition, offset) -> offsets.put(partition, offset.offset()));
        return offsets;
    }

    /** Bytes on all brokers; null where this user may not ask, which takes the right to describe the cluster. */
    private static Map<TopicPartition, Long> bytes(Admin admin) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> bytes = new HashMap<>();
        try {
            List<Integer> brokers = admin.describeCluster().nodes().get().stream().map(Node::id).toList();
            for (Map<String, LogDirDescription> folders : admin.describeLogDirs(brokers).allDescriptions().get().values()) {
                folders.values().forEach(folder -> folder.replicaInfos().forEach((partition, replica) ->
                        bytes.merge(partition, replica.size(), Long::sum)));
            }
            // a broker that does not let us see its folders shows none
            return bytes.isEmpty() ? null : bytes;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return null;
            }
            throw e;
        }
    }

    private static Map<String, Map<String, String>> configurations(Admin admin, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        Map<String, Map<String, String>> configurations = new HashMap<>();
        admin.describeConfigs(topics.stream().map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic)).toList()).all().get()
                .forEach((resource, configuration) -> configurations.put(resource.name(), configuration.entries().stream()
                        .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value, (one, other) -> one, TreeMap::new))));
        return configurations;
    }

    /** A line for each topic. */
    static List<String> lines(List<TopicFigures> topics) {
        TextTable table = new TextTable("topic", "partitions", "replication", "offsets", "kB", "kept");
        topics.forEach(each -> table.row(each.topic(), each.partitions().size(), each.replication(), each.offsets(),
                each.bytes() == null ? null : Math.round(each.bytes() / 1000.0), each.kept()));
        return topics.isEmpty() ? List.of("no run has topics on this cluster") : table.lines();
    }

    /** A line for each partition, below that of its topic. */
    static List<String> described(List<TopicFigures> topics) {
        List<String> lines = new ArrayList<>();
        for (TopicFigures topic : topics) {
            lines.add(topic.topic() + ": " + topic.configuration().entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue()).collect(Collectors.joining(", ")));
            TextTable table = new TextTable("  partition", "leader", "replicas", "in sync", "first offset", "end offset", "kB");
            topic.partitions().forEach(each -> table.row(each.partition(), each.leader(), each.replicas(), each.inSync(),
                    each.firstOffset(), each.endOffset(), each.bytes() == null ? null : Math.round(each.bytes() / 1000.0)));
            lines.addAll(table.lines());
        }
        return lines;
    }

    private String kept() {
        String millis = configuration.getOrDefault("retention.ms", "-1");
        return configuration.getOrDefault("cleanup.policy", "").equals("compact") ? "newest of each key"
                : millis.equals("-1") ? "until trimmed" : Long.parseLong(millis) / 3_600_000 + " h";
    }
}

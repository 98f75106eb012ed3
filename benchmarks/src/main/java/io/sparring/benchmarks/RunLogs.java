package io.sparring.benchmarks;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a topic of a run from its beginning, as far as it goes, again and again.
 *
 * @param <T> the topic's record
 */
final class RunLogs<T extends SpecificRecord> implements AutoCloseable {

    private static final Duration WAIT = Duration.ofSeconds(1);

    private final KafkaConsumer<Long, Received<T>> consumer;
    private final List<TopicPartition> partitions = new ArrayList<>();

    RunLogs(KafkaSettings kafka, String run, RunTopic topic, int partitionsOfRun, Class<T> type) {
        consumer = kafka.follower(new BatchNumberDeserializer(), WireFormat.of(type).receiver());
        for (int partition = 0; partition < topic.partitions(partitionsOfRun); partition++) {
            partitions.add(new TopicPartition(topic.of(run), partition));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Gives what has come since the last time; waits a moment if nothing has. */
    void read(Consumer<ConsumerRecord<Long, Received<T>>> reader) {
        consumer.poll(WAIT).forEach(reader);
    }

    /** Gives all that there is now. */
    void readToEnd(Consumer<ConsumerRecord<Long, Received<T>>> reader) {
        var ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            read(reader);
        }
    }

    /** Bytes that the log of a run's topic takes on the broker. */
    static long size(Admin admin, String run, RunTopic topic) throws ExecutionException, InterruptedException {
        long size = 0;
        for (LogDirDescription directory : admin.describeLogDirs(admin.describeCluster().nodes().get().stream()
                .map(node -> node.id()).toList()).allDescriptions().get().values().stream()
                .flatMap(broker -> broker.values().stream()).toList()) {
            for (var replica : directory.replicaInfos().entrySet()) {
                size += replica.getKey().topic().equals(topic.of(run)) ? replica.getValue().size() : 0;
            }
        }
        return size;
    }

    @Override
    public void close() {
        consumer.close();
    }
}

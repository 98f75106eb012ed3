package io.sparring.cli;

import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.TransactionTime;
import io.sparring.schemas.RunTopic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;

/** Partitions of a run on which a transaction is open: readers of what is committed do not get past it. */
final class OpenTransactions {

    /** One that was left open by a kill is given up by the broker in time; some more for a busy machine. */
    private static final Duration LIMIT = TransactionTime.LARGE_LIMIT.plusSeconds(30);
    private static final long LOOK_MILLIS = 500;

    private OpenTransactions() {
    }

    /**
     * Those that stay open although nobody writes any more.
     *
     * @param stop ends the waiting
     */
    static List<String> lasting(Admin admin, RunSpecification run, CountDownLatch stop)
            throws InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        List<String> open = now(admin, run);
        while (!open.isEmpty() && System.nanoTime() < deadline && !stop.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            open = now(admin, run);
        }
        return open;
    }

    private static List<String> now(Admin admin, RunSpecification run) throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> ends = Stream.of(RunTopic.values())
                .flatMap(topic -> IntStream.range(0, topic.partitions(run.partitions()))
                        .mapToObj(partition -> new TopicPartition(topic.of(run.run()), partition)))
                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        // what is not committed first: what is written meanwhile must not look open
        Map<TopicPartition, Long> written = offsets(admin, ends, IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Long> committed = offsets(admin, ends, IsolationLevel.READ_COMMITTED);
        return Stream.concat(onPositions(admin, run).stream(),
                written.keySet().stream().filter(partition -> committed.get(partition) < written.get(partition)))
                .map(TopicPartition::toString).sorted().toList();
    }

    /** Partitions with committed positions, which the run shares with others, on which it has a transaction open itself. */
    private static List<TopicPartition> onPositions(Admin admin, RunSpecification run)
            throws InterruptedException, ExecutionException {
        Set<Long> producers = admin.listTransactions().all().get().stream()
                .filter(transaction -> transaction.transactionalId().startsWith(run.run() + "."))
                .map(TransactionListing::producerId).collect(Collectors.toSet());
        List<TopicPartition> partitions = admin.describeTopics(List.of(Topic.GROUP_METADATA_TOPIC_NAME)).allTopicNames().get()
                .get(Topic.GROUP_METADATA_TOPIC_NAME).partitions().stream()
                .map(partition -> new TopicPartition(Topic.GROUP_METADATA_TOPIC_NAME, partition.partition())).toList();
        return admin.describeProducers(partitions).all().get().entrySet().stream()
                .filter(entry -> entry.getValue().activeProducers().stream().anyMatch(producer ->
                        producers.contains(producer.producerId()) && producer.currentTransactionStartOffset().isPresent()))
                .map(Map.Entry::getKey).toList();
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, Map<TopicPartition, OffsetSpec> ends, IsolationLevel isolation)
            throws InterruptedException, ExecutionException {
        return admin.listOffsets(ends, new ListOffsetsOptions(isolation)).all().get().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    }
}

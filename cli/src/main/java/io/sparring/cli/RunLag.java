package io.sparring.cli;

import io.sparring.pipeline.AttackerQueue;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SpecificationVersions;
import io.sparring.pipeline.TopicTail;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What waits for attackers and trainer of a run, by what is committed.
 *
 * @param nextBatch the smallest batch number without an outcome
 * @param attackers clean batches that have no adversarial batch yet
 * @param trainer adversarial batches that have no outcome yet
 */
record RunLag(String run, long nextBatch, long attackers, long trainer, List<OfPartition> partitions) {

    /** Batches are large. */
    private static final long FEW_OFFSETS = 8;
    /** More training steps than lie above the smallest batch number without an outcome, with their transactions' markers. */
    private static final long STEPS_PER_NUMBER = 4;
    private static final long FURTHER_STEPS = 64;

    /**
     * Of one partition of clean and adversarial batches.
     *
     * @param cleanBatch the newest one's number; null where there is none
     * @param adversarialBatch the same
     * @param offset at which the attackers' group goes on; null before its first commit
     * @param endOffset of the clean batches
     */
    record OfPartition(int partition, Long cleanBatch, Long adversarialBatch, Long offset, long endOffset, long attackers,
            long trainer) {

        static OfPartition of(int partition, int partitions, Long cleanBatch, Long adversarialBatch, Long offset, long endOffset,
                long nextBatch, Set<Long> outcomes) {
            long crafted = adversarialBatch == null ? partition - partitions : adversarialBatch;
            long attackers = cleanBatch == null ? 0 : Math.max(0, (cleanBatch - crafted) / partitions);
            long first = nextBatch + Math.floorMod(partition - nextBatch, partitions);
            long trainer = LongStream.iterate(first, number -> number <= crafted, number -> number + partitions)
                    .filter(number -> !outcomes.contains(number)).count();
            return new OfPartition(partition, cleanBatch, adversarialBatch, offset, endOffset, attackers, trainer);
        }
    }

    static RunLag of(KafkaSettings kafka, String run) {
        CommittedRecords records = new CommittedRecords(kafka, run);
        SpecificationVersions versions = RunRegistry.requests(kafka, run).versions();
        Optional<RunSpecification> specification = versions.isEmpty() ? Optional.empty()
                : Optional.of(versions.newest().specification());
        long nextBatch = RunOverview.newestUpdate(records).map(ModelUpdate::getNextBatch).orElse(0L);
        Set<Long> outcomes = new HashSet<>();
        // in order of number there are none above the smallest without one
        specification.filter(each -> each.ahead() > 0).ifPresent(each -> records.last(RunTopic.TRAINING_STEPS,
                STEPS_PER_NUMBER * (each.ahead() + each.publishing().interval()) + FURTHER_STEPS, new BatchNumberDeserializer(),
                TrainingStep.class, record -> outcomes.add(record.key())));
        List<OfPartition> partitions = new ArrayList<>();
        try (KafkaConsumer<Long, byte[]> consumer = kafka.reader(new BatchNumberDeserializer(), new ByteArrayDeserializer())) {
            int count = consumer.partitionsFor(RunTopic.CLEAN_BATCHES.of(run)).size();
            Map<TopicPartition, Long> offsets = offsets(kafka, run,
                    specification.filter(each -> each.delivery().equals("queue")).isPresent());
            for (int partition = 0; partition < count; partition++) {
                TopicPartition clean = new TopicPartition(RunTopic.CLEAN_BATCHES.of(run), partition);
                partitions.add(OfPartition.of(partition, count, newest(consumer, clean),
                        newest(consumer, new TopicPartition(RunTopic.ADVERSARIAL_BATCHES.of(run), partition)), offsets.get(clean),
                        consumer.endOffsets(List.of(clean)).get(clean), nextBatch, outcomes));
            }
        }
        return new RunLag(run, nextBatch, partitions.stream().mapToLong(OfPartition::attackers).sum(),
                partitions.stream().mapToLong(OfPartition::trainer).sum(), partitions);
    }

    /** The largest batch number among the last records. */
    private static Long newest(KafkaConsumer<Long, byte[]> consumer, TopicPartition partition) {
        return TopicTail.newest(consumer, partition, FEW_OFFSETS, () -> {
            long[] largest = {-1};
            return record -> {
                largest[0] = record.key() == null ? largest[0] : Math.max(largest[0], record.key());
                return largest[0] < 0 ? Optional.<Long>empty() : Optional.of(largest[0]);
            };
        }, () -> false).orElse(null);
    }

    private static Map<TopicPartition, Long> offsets(KafkaSettings kafka, String run, boolean queue) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        try (Admin admin = kafka.admin()) {
            if (queue) {
                admin.listShareGroupOffsets(Map.of(AttackerQueue.group(run), new ListShareGroupOffsetsSpec()))
                        .partitionsToOffsetInfo(AttackerQueue.group(run)).get()
                        .forEach((partition, info) -> offsets.put(partition, info == null ? null : info.startOffset()));
            } else {
                Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(run + ".attackers")
                        .partitionsToOffsetAndMetadata().get();
                committed.forEach((partition, offset) -> offsets.put(partition, offset == null ? null : offset.offset()));
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot read the offsets of the attackers of run " + run + ": "
                    + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return offsets;
    }
}

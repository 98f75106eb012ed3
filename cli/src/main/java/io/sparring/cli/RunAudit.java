package io.sparring.cli;

import io.sparring.learning.SafeTensors;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.ChunkAssembler;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WeightsPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Holds all that a run has committed against what is promised of it. The run has ended, and its log is whole
 * ({@code log: keep}).
 */
final class RunAudit {

    private final RunSpecification run;
    private final CommittedRecords records;
    private final List<TrainingStep> steps = new ArrayList<>();
    private final Map<UpdateIdentity, Long> updates = new HashMap<>();
    private final Map<UpdateIdentity, String> digests = new TreeMap<>();
    private final List<String> broken = new ArrayList<>();
    private final OutcomeAudit outcomes;

    RunAudit(RunSpecification run, KafkaSettings kafka) {
        this.run = run;
        this.records = new CommittedRecords(kafka, run.run());
        records.each(RunTopic.TRAINING_STEPS, new BatchNumberDeserializer(), TrainingStep.class,
                record -> readable(record).ifPresent(steps::add));
        readUpdates();
        outcomes = new OutcomeAudit(run, steps, updates);
        broken.addAll(outcomes.broken());
        checkDigests();
        checkCheckpoint();
        checkCleanBatches();
        checkAdversarialBatches();
    }

    OutcomeAudit outcomes() {
        return outcomes;
    }

    /** How many outcomes are recorded. */
    long recorded() {
        return steps.size();
    }

    /** The promises that do not hold. */
    List<String> broken() {
        return List.copyOf(broken);
    }

    /** The digest of the last weights, if there are any. */
    Optional<String> finalWeights() {
        return steps.isEmpty() ? Optional.empty() : Optional.ofNullable(steps.get(steps.size() - 1).getWeightsSha256());
    }

    private void readUpdates() {
        ChunkAssembler assembler = new ChunkAssembler();
        records.each(RunTopic.MODEL_UPDATES, new StringDeserializer(), ModelUpdate.class, record -> readable(record)
                .filter(chunk -> chunk.getPart() == WeightsPart.WEIGHTS).ifPresent(chunk -> {
                    UpdateIdentity identity = new UpdateIdentity(chunk.getIncarnation(), chunk.getStep());
                    assembler.add(record.key() + "/" + chunk.getNextBatch(), chunk.getChunk(), chunk.getChunks(),
                            chunk.getSha256(), chunk.getBytes()).ifPresent(whole -> {
                                digests.put(identity, chunk.getSha256());
                                updates.put(identity, chunk.getNextBatch());
                            });
                }));
    }

    private void checkDigests() {
        List<String> wrong = new ArrayList<>();
        for (TrainingStep step : steps) {
            String digest = digests.get(new UpdateIdentity(step.getIncarnation(), step.getStep()));
            if (step.getWeightsSha256() != null && !step.getWeightsSha256().equals(digest)) {
                wrong.add("step " + step.getIncarnation() + "/" + step.getStep() + ": the update's is " + digest);
            }
        }
        require(wrong, "the digest at each publishing step is that of a whole update");
        require(finalWeights().isPresent() ? List.of() : List.of("the last step"), "the last step's weights are published");
    }

    private void checkCheckpoint() {
        ChunkAssembler assembler = new ChunkAssembler();
        Checkpoint[] newest = new Checkpoint[2];
        records.each(RunTopic.CHECKPOINTS, new StringDeserializer(), Checkpoint.class, record -> readable(record)
                .ifPresent(chunk -> {
                    newest[0] = chunk;
                    assembler.add(record.key() + chunk.getSha256(), chunk.getChunk(), chunk.getChunks(), chunk.getSha256(),
                            chunk.getBytes()).filter(whole -> SafeTensors.decode(whole).allFinite())
                            .ifPresent(whole -> newest[1] = chunk);
                }));
        boolean whole = newest[1] != null && newest[1] == newest[0];
        require(whole && newest[1].getPosition().getNextBatch() == run.data().batches() ? List.of()
                : List.of(newest[0] == null ? "any: there is none" : "that of step " + newest[0].getStep()
                        + (whole ? ", which is not the last" : ", which is torn")),
                "the newest checkpoint is whole and the run's last");
    }

    private void checkCleanBatches() {
        Map<Integer, Long> next = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        records.each(RunTopic.CLEAN_BATCHES, new BatchNumberDeserializer(), ImageBatch.class, record -> {
            long expected = next.getOrDefault(record.partition(), (long) record.partition());
            if (record.key() == null || record.key() != expected) {
                wrong.add("batch " + record.key() + " in place of " + expected);
            }
            next.put(record.partition(), (record.key() == null ? expected : record.key()) + run.partitions());
        });
        require(wrong, "each batch is produced once, in its place");
    }

    private void checkAdversarialBatches() {
        Map<Long, Set<Long>> copies = new HashMap<>();
        records.each(RunTopic.ADVERSARIAL_BATCHES, new BatchNumberDeserializer(), AdversarialBatch.class, record ->
                copies.computeIfAbsent(record.key(), number -> new TreeSet<>()).add(record.offset()));
        List<String> wrong = new ArrayList<>();
        for (TrainingStep step : steps) {
            Long offset = step.getAdversarialOffset();
            if (offset != null && !copies.getOrDefault(step.getBatchNumber(), Set.of()).contains(offset)) {
                wrong.add("batch " + step.getBatchNumber() + ": nothing of its number at offset " + offset);
            }
        }
        require(wrong, "each step names the adversarial batch that it was taken with");
    }

    private void require(List<String> wrong, String promise) {
        if (!wrong.isEmpty()) {
            broken.add(OutcomeAudit.broken(promise, wrong));
        }
    }

    private static <T> Optional<T> readable(ConsumerRecord<?, Received<T>> record) {
        return record.value() == null || !record.value().isReadable() ? Optional.empty() : Optional.of(record.value().value());
    }
}

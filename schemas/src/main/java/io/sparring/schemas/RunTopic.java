package io.sparring.schemas;

import java.util.Arrays;
import java.util.List;

/** The topics of a run. Each is named {@code <run>.<suffix>}. */
public enum RunTopic {
    CLEAN_BATCHES("clean-batches", Partitions.BY_BATCH, Kept.UNTIL_TRIMMED),
    ADVERSARIAL_BATCHES("adversarial-batches", Partitions.BY_BATCH, Kept.UNTIL_TRIMMED),
    HELD_OUT_BATCHES("held-out-batches", Partitions.BY_BATCH, Kept.UNTIL_TRIMMED),
    MODEL_UPDATES("model-updates", Partitions.ONE, Kept.UNTIL_TRIMMED),
    CHECKPOINTS("checkpoints", Partitions.ONE, Kept.UNTIL_TRIMMED),
    TRAINING_STEPS("training-steps", Partitions.ONE, Kept.UNTIL_TRIMMED),
    RUNS("runs", Partitions.ONE, Kept.COMPACTED),
    ATTACKS("attacks", Partitions.ONE, Kept.BY_TIME),
    EVALUATIONS("evaluations", Partitions.ONE, Kept.BY_TIME),
    ATTACK_PROGRESS("attack-progress", Partitions.BY_BATCH, Kept.COMPACTED_BY_TIME),
    ROBUSTNESS("robustness", Partitions.ONE, Kept.COMPACTED),
    PREQUENTIAL("prequential", Partitions.ONE, Kept.BY_TIME),
    SAMPLES("samples", Partitions.ONE, Kept.SHORTLY),
    ALARMS("alarms", Partitions.ONE, Kept.BY_TIME),
    SERVICE_STATUS("service-status", Partitions.ONE, Kept.COMPACTED),
    INCOMING_IMAGES("incoming-images", Partitions.ONE, Kept.UNTIL_TRIMMED),
    LEADER("leader", Partitions.ONE, Kept.BY_TIME),
    DEAD_LETTERS("dead-letters", Partitions.ONE, Kept.BY_TIME);

    /** How many partitions a topic has. */
    public enum Partitions {
        /** Exactly one, because its order matters or because it is small. */
        ONE,
        /** The run's number P: batch n is in partition n mod P. */
        BY_BATCH
    }

    /** How long a topic keeps its records. */
    public enum Kept {
        /** For ever, as far as the broker is concerned: trainer and producer delete what nothing needs any more. */
        UNTIL_TRIMMED,
        /** The newest record of each key. */
        COMPACTED,
        /** The newest record of each key, for a week. */
        COMPACTED_BY_TIME,
        /** For a week. */
        BY_TIME,
        /** For an hour. */
        SHORTLY
    }

    private final String suffix;
    private final Partitions partitions;
    private final Kept kept;

    RunTopic(String suffix, Partitions partitions, Kept kept) {
        this.suffix = suffix;
        this.partitions = partitions;
        this.kept = kept;
    }

    /** The topic's name in the run {@code run}. */
    public String of(String run) {
        return run + "." + suffix;
    }

    public Kept kept() {
        return kept;
    }

    /** Number of partitions where the run has {@code partitionsOfRun} for its batches. */
    public int partitions(int partitionsOfRun) {
        return partitions == Partitions.BY_BATCH ? partitionsOfRun : 1;
    }

    /** The partition of batch {@code batchNumber} on the topics that are partitioned by batch. */
    public static int partitionOf(long batchNumber, int partitionsOfRun) {
        return (int) (batchNumber % partitionsOfRun);
    }

    /** The names of all topics of a run. */
    public static List<String> all(String run) {
        return Arrays.stream(values()).map(topic -> topic.of(run)).toList();
    }
}

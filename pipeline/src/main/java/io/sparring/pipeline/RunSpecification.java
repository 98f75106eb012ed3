package io.sparring.pipeline;

import java.util.regex.Pattern;

/**
 * All that makes a run what it is. Published on the run's topic {@code runs}, so it holds no secrets; where the values
 * come from is {@link RunFile}'s matter. Every key is documented in {@code run-defaults.yaml}.
 *
 * @param run name of the run, prefix of its topics
 * @param seed of all that is drawn at random
 * @param partitions of the topics that are partitioned by batch number
 */
public record RunSpecification(String run, long seed, int partitions, DataSettings data, NetworkSettings network,
        ObjectiveSettings objective, AttackSettings attack, EvaluationSettings evaluation, OptimizerSettings optimizer,
        PublishingSettings publishing, StalenessSettings staleness) {

    /** Kafka allows 249 characters for a topic; the longest suffix of ours and those of Kafka Streams leave this many. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    public RunSpecification {
        Setting.require(NAME.matcher(run).matches(), "run", run,
                "up to 100 letters, digits, dots, dashes and underscores, a letter or digit first");
        Setting.between("partitions", partitions, 1, 10_000);
        Setting.require(staleness.atMost() >= publishing.interval() - 1, "staleness.atMost", staleness.atMost(),
                "at least publishing.interval - 1 = " + (publishing.interval() - 1)
                        + ", else attackers and trainer wait for each other");
        Setting.require(evaluation.every() % publishing.interval() == 0, "evaluation.every", evaluation.every(),
                "a multiple of publishing.interval = " + publishing.interval());
        Setting.between("evaluation.epsilon", evaluation.epsilon(), 0, attack.longest());
        Setting.between("evaluation.stepSize", evaluation.stepSize(), 0, attack.longest());
        Setting.require(!optimizer.schedule().equals("cosine") || data.batches() > 0, "optimizer.schedule", "cosine",
                "constant or piecewise where data.batches is 0 (endless)");
        Setting.require(data.lead() > staleness.atMost(), "data.lead", data.lead(),
                "more than staleness.atMost = " + staleness.atMost());
    }

    /** Number of held-out records. */
    public int heldOutBatches() {
        return (data.heldOutImages() - 1) / data.heldOutBatchSize() + 1;
    }

    /** Whether {@code batchNumber} is beyond the run's last batch. */
    public boolean endsBefore(long batchNumber) {
        return data.batches() > 0 && batchNumber >= data.batches();
    }

    /** Whether the trainer publishes once every batch below {@code nextBatch} has its outcome. */
    public boolean publishesAt(long nextBatch) {
        return nextBatch % publishing.interval() == 0 || nextBatch == data.batches();
    }

    /** Whether evaluators measure the update made at {@code nextBatch}. */
    public boolean evaluatesAt(long nextBatch) {
        return nextBatch % evaluation.every() == 0 || nextBatch == data.batches();
    }

    /** Whether the update made at {@code nextBatch} comes with a checkpoint. */
    public boolean checkpointsAt(long nextBatch) {
        return nextBatch % ((long) publishing.interval() * publishing.checkpointEvery()) == 0 || nextBatch == data.batches();
    }
}

package io.sparring.pipeline;

import java.util.List;
import java.util.regex.Pattern;

/**
 * All that makes a run what it is. Published on the run's topic {@code runs}, so it holds no secrets; where the values
 * come from is {@link RunFile}'s matter. Every key is documented in {@code run-defaults.yaml}.
 *
 * @param run name of the run, prefix of its topics
 * @param seed of all that is drawn at random
 * @param partitions of the topics that are partitioned by batch number
 * @param order in which the trainer takes batches: number or arrival
 * @param delivery how clean batches are shared out among attackers: group or queue
 * @param log whether the trainer deletes what no kept checkpoint needs: trim or keep
 */
public record RunSpecification(String run, long seed, int partitions, String order, String delivery, String log,
        DataSettings data, NetworkSettings network,
        ObjectiveSettings objective, AttackSettings attack, EvaluationSettings evaluation, PrequentialSettings prequential,
        OptimizerSettings optimizer, PublishingSettings publishing, StalenessSettings staleness) {

    /** Kafka allows 249 characters for a topic; the longest suffix of ours and those of Kafka Streams leave this many. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    public RunSpecification {
        Setting.require(NAME.matcher(run).matches(), "run", run,
                "up to 100 letters, digits, dots, dashes and underscores, a letter or digit first");
        Setting.between("partitions", partitions, 1, 10_000);
        Setting.oneOf("order", order, List.of("number", "arrival"));
        Setting.oneOf("delivery", delivery, List.of("group", "queue"));
        Setting.oneOf("log", log, List.of("trim", "keep"));
        boolean exact = staleness.exactly() >= 0;
        Setting.require(exact || staleness.atMost() >= publishing.interval() - 1, "staleness.atMost", staleness.atMost(),
                "at least publishing.interval - 1 = " + (publishing.interval() - 1)
                        + ", else attackers and trainer wait for each other");
        Setting.require(!exact || order.equals("number"), "order", order,
                "number where staleness.exactly is set, which is what makes a run a function of its specification");
        Setting.require(evaluation.every() % publishing.interval() == 0, "evaluation.every", evaluation.every(),
                "a multiple of publishing.interval = " + publishing.interval());
        Setting.require(evaluation.sliceImages() % data.heldOutBatchSize() == 0
                || evaluation.sliceImages() >= data.heldOutImages(), "evaluation.sliceImages", evaluation.sliceImages(),
                "0, a multiple of data.heldOutBatchSize = " + data.heldOutBatchSize() + ", or all data.heldOutImages");
        Setting.require(!evaluation.suiteOnBest() || data.validates(), "evaluation.suiteOn", evaluation.suiteOn(),
                "every where data.heldOut is test: the best is chosen on the validation split");
        Setting.between("evaluation.epsilon", evaluation.epsilon(), 0, attack.longest());
        Setting.between("evaluation.stepSize", evaluation.stepSize(), 0, attack.longest());
        Setting.require(!optimizer.schedule().equals("cosine") || data.batches() > 0, "optimizer.schedule", "cosine",
                "constant or piecewise where data.batches is 0 (endless)");
        Setting.require(!data.incoming() || !objective.name().equals("rpat++") || objective.averagingFromEpoch() == 0,
                "objective.averagingFromEpoch", objective.averagingFromEpoch(),
                "0 where data.source is incoming, whose images are all of epoch 0");
        int window = window(staleness, publishing);
        // the last step, which is all that a producer may know, is at most so far below the smallest number without an outcome
        int ahead = ahead(order, staleness, publishing);
        Setting.require(data.lead() > window + ahead, "data.lead", data.lead(), "more than the batches that attackers may be "
                + "ahead, " + (exact ? "staleness.exactly + publishing.interval - 1 = " : "staleness.atMost = ") + window
                + (ahead == 0 ? "" : ", and those that the trainer may be where order is arrival, staleness.atMost + 1 - "
                        + "publishing.interval = " + ahead));
    }

    /** Number of held-out records. */
    public int heldOutBatches() {
        return mainHeldOutBatches() + (data.heldOut().equals(DataSettings.BOTH) ? records(data.validationImages()) : 0);
    }

    /** Number of those, the first ones, that are not beside them for validation. */
    public int mainHeldOutBatches() {
        return records(data.heldOutImages());
    }

    /** Number of those, the first ones, that every marked update is measured on. */
    public int measuredBatches() {
        return measuresAll() ? mainHeldOutBatches() : evaluation.sliceImages() / data.heldOutBatchSize();
    }

    /** What reports call the images that every marked update is measured on. */
    public String measuredSlice() {
        return measuresAll() ? data.slice() : data.slice() + "-" + evaluation.sliceImages();
    }

    /** What reports call the images of the validation split that every marked update is measured on, where it is. */
    public String validationSlice() {
        return data.heldOut().equals(DataSettings.BOTH) ? DataSettings.VALIDATION : measuredSlice();
    }

    private boolean measuresAll() {
        return evaluation.sliceImages() == 0 || evaluation.sliceImages() >= data.heldOutImages();
    }

    private int records(int images) {
        return (images - 1) / data.heldOutBatchSize() + 1;
    }

    /** Whether each batch is crafted against one update that its number decides, rather than the newest. */
    public boolean exact() {
        return staleness.exactly() >= 0;
    }

    /** Where staleness is exact: {@code nextBatch} of the update that batch {@code batchNumber} is crafted against. */
    public long craftedAt(long batchNumber) {
        long latest = Math.max(0, batchNumber - staleness.exactly());
        return latest - latest % publishing.interval();
    }

    /**
     * How far above an update's {@code nextBatch} a batch crafted against it may be. In order of number, no batch is more stale
     * than that.
     */
    public int window() {
        return window(staleness, publishing);
    }

    /** How stale a batch may be before the run's policy is applied to it. */
    public int stalenessAllowed() {
        return staleness.policy().equals("refresh") && staleness.refreshAbove() >= 0
                ? Math.min(staleness.refreshAbove(), window()) : window();
    }

    private static int window(StalenessSettings staleness, PublishingSettings publishing) {
        return staleness.exactly() >= 0 ? staleness.exactly() + publishing.interval() - 1 : staleness.atMost();
    }

    /** Whether {@code batchNumber} is beyond the run's last batch. */
    public boolean endsBefore(long batchNumber) {
        return data.batches() > 0 && batchNumber >= data.batches();
    }

    /**
     * How far above the smallest number without an outcome the trainer may take batches: 0 in order of number. When it has
     * published, at least {@code publishing.interval} of the numbers that attackers may craft then, which reach W above that
     * smallest one, have no outcome yet; and the smallest is always allowed. So the next update is always reached.
     */
    public int ahead() {
        return ahead(order, staleness, publishing);
    }

    private static int ahead(String order, StalenessSettings staleness, PublishingSettings publishing) {
        return order.equals("arrival") ? window(staleness, publishing) + 1 - publishing.interval() : 0;
    }

    /** Whether the trainer publishes once so many batches have their outcome: in order of number, all below that number. */
    public boolean publishesAt(long outcomes) {
        return outcomes % publishing.interval() == 0 || outcomes == data.batches();
    }

    /** Whether evaluators measure the update made at so many outcomes. */
    public boolean evaluatesAt(long outcomes) {
        return outcomes % evaluation.every() == 0 || outcomes == data.batches();
    }

    /** Whether the suite is run on the update made at so many outcomes, whatever comes of the others: not before the first step. */
    public boolean suiteAt(long outcomes) {
        return evaluation.hasSuite() && !evaluation.suiteOnBest() && outcomes > 0
                && (outcomes % ((long) evaluation.every() * evaluation.suiteEvery()) == 0 || outcomes == data.batches());
    }

    /** Whether the update made at so many outcomes comes with a checkpoint. */
    public boolean checkpointsAt(long outcomes) {
        return outcomes % ((long) publishing.interval() * publishing.checkpointEvery()) == 0 || outcomes == data.batches();
    }
}

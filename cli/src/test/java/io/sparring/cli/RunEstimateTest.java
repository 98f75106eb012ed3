package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.sparring.learning.ProgramSize;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.producer.DataSetGeometry;
import io.sparring.producer.DataSets;
import io.sparring.schemas.RunTopic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunEstimateTest {

    private static final DataSetGeometry IMAGES = DataSets.geometry("fashion-mnist").orElseThrow();
    /** That of cnn4, width 16, with batch norm. */
    private static final ProgramSize SIZE = new ProgramSize(332_466, 332_274, 0, 120_572, 114);

    /** What a quickstart of 60 batches left in its broker's folder: an update every 5 batches, checkpoints at 0, 50 and 60. */
    @Test
    void isNearWhatARunWroteToItsTopics() {
        Map<String, Long> bytes = topics(estimate(Map.of("data.batches", "60", "evaluation.every", "20"), 1)).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().bytes()));

        assertThat(bytes.get("clean-batches")).isCloseTo(6_041_856L, withinPercentage(2));
        assertThat(bytes.get("adversarial-batches")).isCloseTo(6_039_091L, withinPercentage(2));
        assertThat(bytes.get("held-out-batches")).isCloseTo(1_571_720L, withinPercentage(2));
        assertThat(bytes.get("model-updates")).isCloseTo(17_321_142L, withinPercentage(2));
        assertThat(bytes.get("checkpoints")).isCloseTo(7_991_442L, withinPercentage(2));
        assertThat(bytes.get("runs")).isCloseTo(528_067L, withinPercentage(20));
    }

    /** What its processes had resident at most, in KB, each with a heap of at most 1 GB. */
    @Test
    void isNearWhatARunsProcessesHeld() {
        Map<String, Long> bytes = services(estimate(Map.of("data.batches", "60"), 1));

        assertThat(bytes.get("producer")).isCloseTo(349_924L * 1024, withinPercentage(20));
        assertThat(bytes.get("attacker")).isCloseTo(621_408L * 1024, withinPercentage(20));
        assertThat(bytes.get("trainer")).isCloseTo(794_592L * 1024, withinPercentage(20));
        assertThat(bytes.get("evaluator")).isCloseTo(660_264L * 1024, withinPercentage(20));
    }

    @Test
    void countsTheRecordsOfARunExactly() {
        Map<String, RunEstimate.Topic> topics = topics(estimate(Map.of("data.batches", "61", "publishing.interval", "5",
                "publishing.checkpointEvery", "4", "evaluation.every", "20", "data.heldOutImages", "1001"), 1));

        assertThat(topics.get("clean-batches").records()).isEqualTo(61);
        assertThat(topics.get("model-updates").records()).as("at 0, 5, ..., 60 and 61").isEqualTo(14);
        assertThat(topics.get("checkpoints").records()).as("at 0, 20, 40, 60 and 61").isEqualTo(5);
        assertThat(topics.get("held-out-batches").records()).isEqualTo(5);
        assertThat(topics.get("evaluations").records()).as("five updates, two attacks").isEqualTo(5 * 5 * 2);
        assertThat(topics.get("attack-progress").records()).as("no suite").isZero();
        assertThat(topics.get("prequential").records()).as("windows every ten batches").isEqualTo(7);
    }

    @Test
    void countsWhatASuiteWritesAtMostAndNoWindowsWhereThereAreNone() {
        Map<String, RunEstimate.Topic> topics = topics(estimate(Map.of("data.batches", "1000", "evaluation.every", "100",
                "evaluation.suite", "autoattack", "evaluation.suiteEvery", "5", "data.heldOutImages", "500", "prequential.window", "0"),
                1));
        assertThat(topics.get("attack-progress").records()).as("at 500, 1000: clean, APGD-CE, twice nine targets, Square")
                .isEqualTo(2 * 500 * (1 + 1 + 9 + 9 + 1));
        assertThat(topics.get("prequential").bytes()).isZero();
        assertThat(topics.get("attacks").bytes()).isLessThan(topics(estimate(Map.of("data.batches", "1000"), 1)).get("attacks").bytes());
    }

    @Test
    void isForAThousandBatchesOfAnEndlessRun() {
        RunEstimate endless = estimate(Map.of("data.batches", "0", "optimizer.schedule", "constant"), 1);

        assertThat(endless.endless()).isTrue();
        assertThat(endless.topics()).isEqualTo(estimate(Map.of("data.batches", "1000"), 1).topics());
        assertThat(EstimateTable.lines(endless)).anyMatch(line -> line.startsWith("disk for each 1,000 batches: about "));
    }

    /** What is needed at one time, and a segment of each partition, however long the run. */
    @Test
    void ofATrimmedRunTheDiskHoldsWhatIsNeeded() {
        Map<String, String> values = Map.of("data.batches", "20000", "partitions", "2", "data.lead", "50", "staleness.atMost", "20",
                "publishing.interval", "5", "publishing.checkpointEvery", "4", "publishing.checkpointsKept", "3");
        RunEstimate trimmed = estimate(values, 1);
        Map<String, String> keeps = new HashMap<>(values);
        keeps.put("log", "keep");
        RunEstimate kept = estimate(keeps, 1);
        Map<String, String> longer = new HashMap<>(values);
        longer.put("data.batches", "40000");

        assertThat(kept.diskBytes()).isEqualTo(kept.writtenBytes()).isEqualTo(trimmed.writtenBytes());
        long batch = bytes(trimmed, "clean-batches") / 20_000;
        assertThat(topics(trimmed).get("clean-batches").diskBytes())
                .isEqualTo((3 * 4 * 5 + 20 + 50) * batch + 2L * RunTopics.SEGMENT_BYTES);
        long update = bytes(trimmed, "model-updates") / 4_001;
        assertThat(topics(trimmed).get("model-updates").diskBytes())
                .isEqualTo((20 / 5 + 3 + 3 * 4) * update + RunTopics.SEGMENT_BYTES);
        for (String topic : List.of("clean-batches", "adversarial-batches", "model-updates", "checkpoints")) {
            assertThat(topics(estimate(longer, 1)).get(topic).diskBytes()).as(topic)
                    .isEqualTo(topics(trimmed).get(topic).diskBytes());
        }
        assertThat(topics(trimmed).get("attacks").diskBytes()).as("kept for some days").isEqualTo(bytes(trimmed, "attacks"));
    }

    @Test
    void growsWithASecondViewAndWithAveragedWeights() {
        RunEstimate one = estimate(Map.of(), 1);
        RunEstimate two = estimate(Map.of(), 2);
        RunEstimate averaged = RunEstimate.of(run(Map.of()), IMAGES, 1,
                new ProgramSize(332_466, 332_274, 332_466, 120_572, 114));

        assertThat(bytes(two, "clean-batches")).isCloseTo(2 * bytes(one, "clean-batches"), withinPercentage(1));
        assertThat(bytes(two, "model-updates")).isEqualTo(bytes(one, "model-updates"));
        assertThat(bytes(averaged, "model-updates")).isCloseTo(2 * bytes(one, "model-updates"), withinPercentage(1));
        assertThat(services(two).get("trainer")).isGreaterThan(services(one).get("trainer"));
        assertThat(services(averaged).get("trainer")).isGreaterThan(services(one).get("trainer"));
    }

    @Test
    void namesEveryTopicInItsTable() {
        List<String> lines = EstimateTable.lines(estimate(Map.of("data.batches", "60"), 1));

        int topics = RunTopic.values().length;
        assertThat(lines).hasSize(topics + 2);
        assertThat(lines.get(0)).matches("fashion\\.clean-batches +about +6\\.0 MB, 60 records");
        assertThat(lines).contains("fashion.leader");
        assertThat(lines.get(topics)).matches("disk for 60 batches: about \\d+ MB for each copy, of \\d+ MB that are written and "
                + "trimmed");
        assertThat(EstimateTable.lines(estimate(Map.of("data.batches", "60", "log", "keep"), 1)).get(topics))
                .matches("disk for 60 batches: about \\d+ MB for each copy, with nothing trimmed");
        assertThat(lines.get(topics + 1)).matches("memory of one process: about producer \\d+ MB, attacker \\d+ MB, trainer \\d+ MB, "
                + "evaluator \\d+ MB");
    }

    @ParameterizedTest
    @CsvSource({"0,0 bytes", "999,999 bytes", "1000,1.0 KB", "9949,9.9 KB", "9950,10 KB", "999499,999 KB", "999500,1.0 MB",
        "2500000000,2.5 GB", "9000000000000000000,9000 PB"})
    void writesSizesShortly(long bytes, String text) {
        assertThat(EstimateTable.size(bytes)).isEqualTo(text);
    }

    private static RunEstimate estimate(Map<String, String> values, int views) {
        return RunEstimate.of(run(values), IMAGES, views, SIZE);
    }

    private static RunSpecification run(Map<String, String> values) {
        Map<String, String> all = new HashMap<>(values);
        all.put("run", "fashion");
        return RunFile.read(null, Map.of(), all);
    }

    private static Map<String, RunEstimate.Topic> topics(RunEstimate estimate) {
        return estimate.topics().stream()
                .collect(Collectors.toMap(topic -> topic.topic().substring("fashion.".length()), Function.identity()));
    }

    private static long bytes(RunEstimate estimate, String topic) {
        return topics(estimate).get(topic).bytes();
    }

    private static Map<String, Long> services(RunEstimate estimate) {
        return estimate.services().stream().collect(Collectors.toMap(RunEstimate.Memory::service, RunEstimate.Memory::bytes));
    }
}

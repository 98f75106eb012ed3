package io.sparring.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.learning.WilsonInterval;
import io.sparring.pipeline.DeadLetters;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.Perception;
import io.sparring.schemas.PerceptionGroup;
import io.sparring.schemas.PerceptionSums;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RobustnessTopologyTest {

    private static final WireFormat<Evaluation> FORMAT = WireFormat.of(Evaluation.class);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TopologyTestDriver driver = new TopologyTestDriver(
            RobustnessTopology.of("tiny", new DeadLetters("tiny", meters)),
            FactStreams.properties(KafkaSettings.of("127.0.0.1:1"), "tiny.robustness"));
    private final TestInputTopic<String, byte[]> facts =
            driver.createInputTopic("tiny.evaluations", new StringSerializer(), new ByteArraySerializer());
    private final TestOutputTopic<String, Robustness> reports = driver.createOutputTopic("tiny.robustness",
            new StringDeserializer(), WireFormat.of(Robustness.class).serde().deserializer());

    private final TestOutputTopic<String, byte[]> letters = driver.createOutputTopic("tiny.dead-letters",
            new StringDeserializer(), new ByteArrayDeserializer());

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void aReportIsIncompleteAndWithoutAccuracyUntilAllBatchesHaveReported() {
        report(fact(10, "clean", 1, 200));
        report(fact(10, "clean", 0, 150));

        Robustness first = newest("0/10/clean/held-out");
        assertThat(first.getStatus()).isEqualTo(ReportStatus.INCOMPLETE);
        assertThat(first).extracting(Robustness::getAccuracy, Robustness::getLower, Robustness::getUpper)
                .containsOnlyNulls();
        assertThat(first.getReported()).containsExactly(0L, 1L);
        assertThat(first).extracting(Robustness::getImages, Robustness::getCorrect, Robustness::getBatches)
                .containsExactly(500L, 350L, 3);

        report(fact(10, "clean", 2, 25));
        Robustness complete = newest("0/10/clean/held-out");
        assertThat(complete.getStatus()).isEqualTo(ReportStatus.COMPLETE);
        assertThat(complete.getAccuracy()).isEqualTo(375 / 750.0);
        assertThat(complete.getLower()).isCloseTo(WilsonInterval.of(375, 750).lower(), within(1e-12));
        assertThat(complete.getUpper()).isCloseTo(WilsonInterval.of(375, 750).upper(), within(1e-12));
        assertThat(complete).extracting(Robustness::getIncarnation, Robustness::getStep, Robustness::getAttack,
                Robustness::getSlice).containsExactly(0, 10L, "clean", "held-out");
        assertThat(complete.getUpdatedAt()).isEqualTo(Instant.ofEpochMilli(1002));
    }

    @Test
    void aBatchIsCountedOnceHoweverOftenItIsReported() {
        report(fact(10, "clean", 0, 100));
        report(fact(10, "clean", 0, 100));
        // two evaluators held it for a moment, and the other's processor found another number
        report(fact(10, "clean", 0, 101));
        assertThat(newest("0/10/clean/held-out")).extracting(Robustness::getImages, Robustness::getCorrect)
                .containsExactly(250L, 100L);
        report(fact(10, "clean", 1, 100));
        report(fact(10, "clean", 2, 100));
        report(fact(10, "clean", 1, 7));
        Robustness complete = newest("0/10/clean/held-out");
        assertThat(complete.getStatus()).isEqualTo(ReportStatus.COMPLETE);
        assertThat(complete.getAccuracy()).isEqualTo(0.4);
        assertThat(complete.getReported()).containsExactly(0L, 1L, 2L);
    }

    @Test
    void theOrderOfArrivalDoesNotMatter() {
        List<Evaluation> all = new ArrayList<>();
        for (long step : new long[] {10, 20, 30}) {
            for (String attack : List.of("clean", "pgd-3")) {
                for (int batch = 0; batch < (step == 30 ? 2 : 3); batch++) {
                    Evaluation fact = fact(step, attack, batch, (int) (step + 10 * batch + attack.length()));
                    all.addAll(Collections.nCopies(1 + batch, fact));
                }
            }
        }
        all.forEach(this::report);
        Map<String, Robustness> expected = reports.readKeyValuesToMap();
        assertThat(expected).hasSize(6);
        assertThat(expected.values()).filteredOn(report -> report.getStatus() == ReportStatus.COMPLETE).hasSize(4);
        for (int seed = 0; seed < 20; seed++) {
            Collections.shuffle(all, new Random(seed));
            // with nothing counted before
            RobustnessTopologyTest anew = new RobustnessTopologyTest();
            all.forEach(anew::report);
            assertThat(anew.reports.readKeyValuesToMap()).as("seed %d", seed).isEqualTo(expected);
            anew.close();
        }
    }

    @Test
    void updatesAndAttacksAreKeptApart() {
        for (int batch = 0; batch < 3; batch++) {
            report(fact(10, "clean", batch, 200));
            report(fact(10, "pgd-3", batch, 100));
        }
        report(fact(20, "clean", 0, 250));
        Map<String, Robustness> newest = reports.readKeyValuesToMap();

        assertThat(newest).containsOnlyKeys("0/10/clean/held-out", "0/10/pgd-3/held-out", "0/20/clean/held-out");
        assertThat(newest.get("0/10/clean/held-out").getAccuracy()).isEqualTo(0.8);
        assertThat(newest.get("0/10/pgd-3/held-out").getAccuracy()).isEqualTo(0.4);
        assertThat(newest.get("0/10/pgd-3/held-out").getEpsilon()).isEqualTo(0.1f);
        assertThat(newest.get("0/20/clean/held-out").getStatus()).isEqualTo(ReportStatus.INCOMPLETE);
    }

    @Test
    void theDiagnosticsArePooledOverImagesNotAveragedOverBatches() {
        // of one image fooled with squares of 4 and a variance of 2, and of nine with 18 in all and a variance of 9
        report(withPerception(fact(10, "pgd-3", 0, 249), 249, 1, 4, 2));
        report(withPerception(fact(10, "pgd-3", 1, 241), 241, 9, 18, 9));
        assertThat(newest("0/10/pgd-3/held-out").getPerception()).as("not before all batches have reported").isEmpty();
        report(withPerception(fact(10, "pgd-3", 2, 250), 250, 0, 0, 0));

        Robustness complete = newest("0/10/pgd-3/held-out");
        assertThat(complete.getPerception()).extracting(PerceptionGroup::getGroup, PerceptionGroup::getImages)
                .containsExactly(tuple("all", 750L), tuple("defended", 740L), tuple("failed", 10L), tuple("fooled", 10L));
        PerceptionGroup fooled = complete.getPerception().get(3);
        assertThat(fooled.getCleanPerturbed()).as("22 / 10, where the batches' means would give 3").isEqualTo(2.2);
        assertThat(fooled.getCleanVariance()).isEqualTo(1.1);
        assertThat(fooled.getNormalizedCleanPerturbed()).isEqualTo(2.0);
        assertThat(complete.getPerception().get(1).getNormalizedLinearity()).as("no variance").isNull();
        assertThat(complete.getPerceptionSums().getFooled().getImages()).isEqualTo(10);
    }

    @Test
    void oneFactOfAnOlderReleaseMeansThatTheWholeHasNoDiagnostics() {
        report(withPerception(fact(10, "pgd-3", 0, 250), 250, 0, 0, 0));
        report(fact(10, "pgd-3", 1, 250));
        report(withPerception(fact(10, "pgd-3", 2, 250), 250, 0, 0, 0));
        assertThat(newest("0/10/pgd-3/held-out")).extracting(Robustness::getPerceptionSums, Robustness::getPerception)
                .containsExactly(null, List.of());
    }

    @Test
    void aReportSaysWhatWasMeasuredHowAndOnWhat() {
        for (int batch : new int[] {2, 0, 1}) {
            report(Evaluation.newBuilder(fact(10, "pgd-3", batch, 200)).setSeed(7 + batch).setParameters(Map.of("steps", "3"))
                    .setDataSet("made").setDataSha256("digest-" + batch).setSeconds(1.5).build());
        }
        Robustness complete = newest("0/10/pgd-3/held-out");
        assertThat(complete.getParameters()).isEqualTo(Map.of("steps", "3"));
        assertThat(complete.getSeed()).isEqualTo(7);
        assertThat(complete.getDataSet()).isEqualTo("made");
        assertThat(complete.getDataSha256()).isEqualTo(Sha256.of("digest-0digest-1digest-2".getBytes(StandardCharsets.US_ASCII)));
        assertThat(complete.getBatchSha256()).isEmpty();
        assertThat(complete.getSeconds()).isEqualTo(4.5);
        report(fact(20, "clean", 0, 200));
        report(fact(20, "clean", 1, 200));
        report(fact(20, "clean", 2, 200));
        assertThat(newest("0/20/clean/held-out").getDataSha256()).as("of a release that did not record it").isNull();
    }

    @Test
    void theMeanAndTheRatioOfAVersionFollowFromItsReports() {
        for (int batch = 0; batch < 3; batch++) {
            report(fact(10, "autoattack", batch, 100));
            report(fact(10, "apgd-ce", batch, 120));
            report(fact(20, "clean", batch, 240));
        }
        report(fact(10, "clean", 0, 200));
        report(fact(10, "clean", 1, 200));
        assertThat(reports.readKeyValuesToMap().keySet()).noneMatch(key -> key.contains("mean") || key.contains("nrr"));
        report(fact(10, "clean", 2, 200));

        Map<String, Robustness> newest = reports.readKeyValuesToMap();
        assertThat(newest).containsOnlyKeys("0/10/clean/held-out", "0/10/mean/held-out", "0/10/nrr/held-out");
        assertThat(newest.get("0/10/mean/held-out").getAccuracy()).isCloseTo(0.6, within(1e-12));
        assertThat(newest.get("0/10/nrr/held-out").getAccuracy()).isCloseTo(2 * 0.8 * 0.4 / 1.2, within(1e-12));
        assertThat(newest.get("0/10/nrr/held-out").getImages()).isEqualTo(750);
        report(fact(10, "clean", 2, 200));
        assertThat(reports.readKeyValuesToMap().get("0/10/mean/held-out")).as("a copy changes nothing")
                .isEqualTo(newest.get("0/10/mean/held-out"));
    }

    @Test
    void sumsThatAreNotOfTheBatchsImagesAreSetAside() {
        Evaluation other = withPerception(fact(10, "pgd-3", 0, 250), 249, 0, 0, 0);
        report(other);
        report(Evaluation.newBuilder(other).setPerception(perception(250, 0, Double.NaN, 0)).build());
        assertThat(reports.isEmpty()).isTrue();
        assertThat(letters.readRecordsToList()).hasSize(2).extracting(letter -> header(letter, "reason"))
                .allMatch(reason -> reason.startsWith("perception: "));
    }

    private static Evaluation withPerception(Evaluation fact, long defended, long fooled, double squares, double variance) {
        return Evaluation.newBuilder(fact).setPerception(perception(defended, fooled, squares, variance)).build();
    }

    private static Perception perception(long defended, long fooled, double squares, double variance) {
        return new Perception(new PerceptionSums(defended, 0.0, 0.0, 0.0, 0.0, 0.0),
                new PerceptionSums(fooled, squares, squares / 4, squares / 4, 0.0, variance),
                new PerceptionSums(0L, 0.0, 0.0, 0.0, 0.0, 0.0));
    }

    @Test
    void whatCannotBeReadIsSetAside() {
        report(fact(10, "clean", 0, 100));
        facts.pipeInput("0/10/clean/held-out", new byte[] {1, 2, 3});
        facts.pipeInput("0/10/clean/held-out", new byte[0]);
        facts.pipeInput("0/10/clean/held-out", null);
        facts.pipeInput(null, FORMAT.encode(fact(10, "clean", 1, 100)));
        report(fact(10, "clean", 2, 100));
        assertThat(newest("0/10/clean/held-out").getReported()).containsExactly(0L, 2L);
        assertThat(letters.readRecordsToList()).hasSize(4).allSatisfy(letter -> {
            assertThat(header(letter, "topic") + "-" + header(letter, "partition")).isEqualTo("tiny.evaluations-0");
            assertThat(header(letter, "offset")).isIn("1", "2", "3", "4");
        }).extracting(letter -> header(letter, "reason")).last().isEqualTo(
                "key: null; allowed: the update, attack and slice of the fact, which are 0/10/clean/held-out");
        assertThat(meters.get("sparring.dead.letters").tag("topic", "tiny.evaluations").counter().count()).isEqualTo(4);
    }

    @Test
    void whatIsNoFactIsSetAside() {
        Evaluation good = fact(10, "clean", 0, 100);
        String key = "0/10/clean/held-out";
        for (Evaluation bad : List.of(fact(20, "clean", 0, 100), fact(10, "clean", 3, 100), fact(10, "clean", -1, 100),
                fact(10, "clean", 0, 251), fact(10, "clean", 0, -1),
                Evaluation.newBuilder(good).setBatches(Integer.MAX_VALUE).build(),
                Evaluation.newBuilder(good).setImages(0).setCorrect(0).build(),
                Evaluation.newBuilder(good).setLoss(Float.NaN).build(),
                Evaluation.newBuilder(good).setEpsilon(Float.POSITIVE_INFINITY).build())) {
            facts.pipeInput(key, FORMAT.encode(bad));
        }
        facts.pipeInput("-1/10/clean/held-out", FORMAT.encode(Evaluation.newBuilder(good).setIncarnation(-1).build()));
        assertThat(reports.isEmpty()).isTrue();
        List<TestRecord<String, byte[]>> all = letters.readRecordsToList();
        assertThat(all).hasSize(10);
        assertThat(all.get(0).getKey()).isEqualTo(key);
        assertThat(all.get(0).value()).isEqualTo(FORMAT.encode(fact(20, "clean", 0, 100)));
    }

    private static String header(TestRecord<String, byte[]> letter, String name) {
        return DeadLetters.text(letter.headers(), "sparring-" + name).orElseThrow();
    }

    @Test
    void aReportSaysWhichNormItsFactsAreOf() {
        Evaluation fact = Evaluation.newBuilder(fact(10, "pgd-3", 0, 250)).setNorm("l2").build();
        assertThat(SliceReport.count(null, fact).getNorm()).isEqualTo("l2");
        assertThat(SliceReport.count(null, fact(10, "pgd-3", 0, 250)).getNorm()).isEqualTo("linf");
    }

    @Test
    void aSliceOfOneBatchIsCompleteAtOnce() {
        Robustness report = SliceReport.count(null, Evaluation.newBuilder(fact(10, "clean", 0, 250)).setBatches(1).build());
        assertThat(report.getStatus()).isEqualTo(ReportStatus.COMPLETE);
        assertThat(report.getAccuracy()).isEqualTo(1);
        assertThat(report.getUpper()).isEqualTo(1);
    }

    private void report(Evaluation fact) {
        facts.pipeInput("0/" + fact.getStep() + "/" + fact.getAttack() + "/" + fact.getSlice(), FORMAT.encode(fact));
    }

    private Robustness newest(String key) {
        List<KeyValue<String, Robustness>> all = reports.readKeyValuesToList();
        assertThat(all).isNotEmpty().extracting(report -> report.key).containsOnly(key);
        return all.get(all.size() - 1).value;
    }

    private static Evaluation fact(long step, String attack, long batch, int correct) {
        boolean clean = attack.equals("clean");
        return Evaluation.newBuilder().setIncarnation(0).setStep(step).setAttack(attack).setSlice("held-out").setBatchNumber(batch)
                .setBatches(3).setImages(250).setCorrect(correct).setLoss(0.5f).setEpsilon(clean ? 0 : 0.1f)
                .setStepSize(clean ? 0 : 0.05f).setAttackSteps(clean ? 0 : 3).setSeed(clean ? 0 : 7 + batch)
                .setEvaluator("evaluator-1").setCreatedAt(Instant.ofEpochMilli(1000 + batch)).build();
    }
}

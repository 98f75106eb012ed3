package io.sparring.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.learning.WilsonInterval;
import io.sparring.pipeline.DeadLetters;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.Alarm;
import io.sparring.schemas.AlarmKind;
import io.sparring.schemas.AlarmState;
import io.sparring.schemas.Attack;
import io.sparring.schemas.ChannelSums;
import io.sparring.schemas.ClassTally;
import io.sparring.schemas.PrequentialWindow;
import io.sparring.schemas.StreamStatistic;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Windows of eight batches, one every four, over a stream of batches of 100 images in two classes; attackers are at most 3 ahead. */
class PrequentialTopologyTest {

    private static final Map<String, String> OPTIONS = Map.of("run", "tiny", "publishing.interval", "2", "evaluation.every", "2",
            "staleness.atMost", "3", "prequential.window", "8", "prequential.slide", "4", "attack.steps", "5");
    private static final WireFormat<Attack> FORMAT = WireFormat.of(Attack.class);

    private TopologyTestDriver driver;
    private TestInputTopic<Long, byte[]> facts;
    private TestOutputTopic<Long, PrequentialWindow> windows;
    private TestOutputTopic<String, Alarm> alarms;
    private TestOutputTopic<Long, byte[]> letters;

    PrequentialTopologyTest() {
        begin(Map.of());
    }

    private void begin(Map<String, String> options) {
        Map<String, String> all = new HashMap<>(OPTIONS);
        all.putAll(options);
        RunSpecification run = RunFile.read(null, Map.of(), all);
        driver = new TopologyTestDriver(PrequentialTopology.of(run, new DeadLetters("tiny", new SimpleMeterRegistry())),
                FactStreams.properties(KafkaSettings.of("127.0.0.1:1"), "tiny.prequential"));
        facts = driver.createInputTopic("tiny.attacks", new LongSerializer(), new ByteArraySerializer());
        windows = driver.createOutputTopic("tiny.prequential", new LongDeserializer(),
                WireFormat.of(PrequentialWindow.class).serde().deserializer());
        alarms = driver.createOutputTopic("tiny.alarms", new StringDeserializer(),
                WireFormat.of(Alarm.class).serde().deserializer());
        letters = driver.createOutputTopic("tiny.dead-letters", new LongDeserializer(), new ByteArrayDeserializer());
    }

    private void anew(Map<String, String> options) {
        driver.close();
        begin(options);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void aWindowSlidesOverTheStreamAndCountsWhatWasNotTrainedOn() {
        LongStream.range(0, 12).forEach(number -> report(fact(number, number < 10 ? 0 : 1, 40 + (int) number, 50)));

        List<PrequentialWindow> found = windows.readValuesToList();
        assertThat(found).extracting(PrequentialWindow::getFromBatch, PrequentialWindow::getToBatch, PrequentialWindow::getBatches)
                .containsExactly(tuple(0L, 3L, 4), tuple(0L, 7L, 8), tuple(4L, 11L, 8));
        PrequentialWindow last = found.get(2);
        assertThat(last.getUnseen()).extracting("images", "robust", "cleanImages", "clean")
                .containsExactly(600L, 44L + 45 + 46 + 47 + 48 + 49, 300L, 225L);
        assertThat(last.getSeen()).extracting("images", "robust").containsExactly(200L, 50L + 51);
        assertThat(last.getShareSeen()).isEqualTo(0.25);
        assertThat(last.getRobustAccuracy()).isEqualTo(279 / 600.0);
        assertThat(last.getRobustLower()).isEqualTo(WilsonInterval.of(279, 600).lower());
        assertThat(last.getRobustUpper()).isEqualTo(WilsonInterval.of(279, 600).upper());
        assertThat(last.getCleanAccuracy()).isEqualTo(0.75);
        assertThat(last.getCleanLower()).isEqualTo(WilsonInterval.of(225, 300).lower());
        assertThat(last.getCleanUpper()).isEqualTo(WilsonInterval.of(225, 300).upper());
        assertThat(last.getUnseen().getClasses()).extracting(ClassTally::getImages, ClassTally::getRobust)
                .containsExactly(tuple(300L, 279L - 120), tuple(300L, 120L));
        assertThat(last).extracting("attack", "norm", "epsilon", "incarnation", "step").containsExactly("pgd-5", "linf", 0.1f, 1, 8L);
        assertThat(last.getCreatedAt()).isEqualTo(Instant.ofEpochMilli(11));
        assertThat(last.getChannels()).singleElement().satisfies(sums -> assertThat(sums.getValues()).isEqualTo(800));
    }

    @Test
    void whatIsSeenAloneHasNoPrequentialAccuracy() {
        LongStream.range(0, 4).forEach(number -> report(fact(number, 1, 40, 50)));
        assertThat(windows.readValue()).extracting("robustAccuracy", "cleanAccuracy", "robustLower", "shareSeen")
                .containsExactly(null, null, null, 1.0);
    }

    @Test
    void neitherTheOrderOfArrivalNorCopiesMatter() {
        List<Attack> all = new ArrayList<>();
        LongStream.range(0, 40).forEach(number -> all.add(fact(number, 0, (int) (number * 7 % 50), 50)));
        all.forEach(this::report);
        List<PrequentialWindow> expected = windows.readValuesToList();
        assertThat(expected).hasSize(10);
        for (int seed = 0; seed < 20; seed++) {
            anew(Map.of());
            Random random = new Random(seed);
            List<Attack> shuffled = new ArrayList<>();
            // attackers are so far apart, and each may publish twice
            for (int from = 0; from < 40; from += 4) {
                List<Attack> near = new ArrayList<>(all.subList(from, from + 4));
                near.add(all.get(random.nextInt(from + 4)));
                Collections.shuffle(near, random);
                shuffled.addAll(near);
            }
            shuffled.forEach(this::report);
            assertThat(windows.readValuesToList()).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    void aWindowWaitsForWhatMayStillComeAndForNoMore() {
        LongStream.of(0, 1, 3, 4, 5, 6).forEach(number -> report(fact(number, 0, 40, 50)));
        assertThat(windows.isEmpty()).as("2 may still come").isTrue();
        report(fact(7, 0, 40, 50));
        assertThat(windows.readValuesToList()).as("7 is crafted only once all up to 3 have their outcome")
                .extracting(PrequentialWindow::getToBatch, PrequentialWindow::getBatches).containsExactly(tuple(3L, 3));

        report(fact(2, 0, 40, 50));
        report(fact(8, 0, 40, 50));
        assertThat(windows.readValuesToList()).as("which counts where it is not too late")
                .extracting(PrequentialWindow::getToBatch, PrequentialWindow::getBatches).containsExactly(tuple(7L, 8));
    }

    @Test
    void whereNothingComesAnyMoreAWindowEndsWithoutWhatIsMissing() {
        LongStream.of(0, 1, 3).forEach(number -> report(fact(number, 0, 40, 50)));
        driver.advanceWallClockTime(StreamWindows.QUIET.minusSeconds(6));
        assertThat(windows.isEmpty()).isTrue();
        driver.advanceWallClockTime(Duration.ofSeconds(12));
        assertThat(windows.readValuesToList()).extracting(PrequentialWindow::getToBatch, PrequentialWindow::getBatches)
                .containsExactly(tuple(3L, 3));
        driver.advanceWallClockTime(StreamWindows.QUIET.multipliedBy(2));
        assertThat(windows.isEmpty()).as("once").isTrue();
    }

    @Test
    void windowsOfNothingArePassedOver() {
        anew(Map.of("data.batches", "0", "optimizer.schedule", "constant"));
        LongStream.of(1_000_001, 1_000_002, 1_000_003, 1_000_010).forEach(number -> report(fact(number, 0, 40, 50)));
        assertThat(windows.readValuesToList()).extracting(PrequentialWindow::getFromBatch, PrequentialWindow::getToBatch)
                .containsExactly(tuple(999_996L, 1_000_003L));
    }

    @Test
    void onlyTheWindowsStateIsKept() {
        LongStream.range(0, 200).forEach(number -> report(fact(number, 0, 40, 50)));
        assertThat(driver.getKeyValueStore(StreamWindows.FACTS).approximateNumEntries()).isLessThanOrEqualTo(8 + 3);
    }

    @Test
    void factsWithoutClassesAreNotOfThisMatter() {
        report(Attack.newBuilder(fact(0, 0, 40, 50)).setClasses(List.of()).build());
        assertThat(driver.getKeyValueStore(StreamWindows.FACTS).approximateNumEntries()).isZero();
        assertThat(letters.isEmpty()).isTrue();
    }

    @Test
    void aFallOfRobustAccuracyRaisesAnAlarmOnceAndItsEndClearsIt() {
        anew(Map.of("prequential.accuracyFall", "0.1"));
        LongStream.range(0, 24).forEach(number -> report(fact(number, 0, number < 12 ? 60 : 40, 50)));
        List<Alarm> found = alarms.readValuesToList();
        assertThat(found).extracting(Alarm::getKind, Alarm::getSubject, Alarm::getState, Alarm::getFromBatch, Alarm::getToBatch)
                .containsExactly(tuple(AlarmKind.ROBUST_ACCURACY, "unseen", AlarmState.RAISED, 8L, 15L),
                        tuple(AlarmKind.ROBUST_ACCURACY, "unseen", AlarmState.CLEARED, 12L, 19L));
        assertThat(found.get(0).getValue()).isCloseTo(0.2, within(1e-12));
        assertThat(found.get(0).getThreshold()).isEqualTo(0.1);
        assertThat(found.get(0).getMessage()).isEqualTo(
                "robust accuracy on unseen images fell: fall 0.2000, allowed at most 0.1, batches 8 to 15");
        assertThat(found.get(1).getMessage()).isEqualTo(
                "no longer: robust accuracy on unseen images fell: fall 0.0000, allowed at most 0.1, batches 12 to 19");
    }

    @Test
    void aFallWithinWhatIsAllowedAndAnyFallWhereAllAreAllowedRaiseNone() {
        anew(Map.of("prequential.accuracyFall", "0.25"));
        LongStream.range(0, 24).forEach(number -> report(fact(number, 0, number < 12 ? 60 : 40, 50)));
        assertThat(alarms.isEmpty()).isTrue();
        anew(Map.of("prequential.accuracyFall", "0"));
        LongStream.range(0, 24).forEach(number -> report(fact(number, 0, number < 12 ? 60 : 40, 50)));
        assertThat(alarms.isEmpty()).isTrue();
    }

    @Test
    void whileEpsilonRisesAFallTellsNothing() {
        anew(Map.of("prequential.accuracyFall", "0.1"));
        LongStream.range(0, 8).forEach(number -> report(Attack.newBuilder(fact(number, 0, number < 4 ? 60 : 40, 50))
                .setEpsilon(number < 4 ? 0.05f : 0.1f).build()));
        assertThat(alarms.isEmpty()).isTrue();
        assertThat(windows.readValuesToList()).last().satisfies(window -> {
            assertThat(window.getEpsilon()).isEqualTo(0.1f);
            assertThat(window.getStatistics()).isEmpty();
        });
    }

    @Test
    void otherLabelsThanInTheFirstWindowRaiseAnAlarm() {
        anew(Map.of("prequential.labelDrift", "0.02"));
        LongStream.range(0, 16).forEach(number -> report(fact(number, 0, 10, number < 8 ? 50 : 80)));
        assertThat(alarms.readKeyValuesToList()).singleElement().satisfies(alarm -> {
            assertThat(alarm.key).isEqualTo("LABEL_DRIFT/labels");
            assertThat(alarm.value.getState()).isEqualTo(AlarmState.RAISED);
            assertThat(alarm.value.getToBatch()).isEqualTo(15);
            assertThat(alarm.value.getStatistic()).isEqualTo("jensen-shannon");
            assertThat(alarm.value.getValue()).isCloseTo(StreamStatistics.divergence(new long[] {640, 160}, new long[] {400, 400}),
                    within(1e-12)).isGreaterThan(0.02);
        });
        anew(Map.of("prequential.labelDrift", "0.2"));
        LongStream.range(0, 16).forEach(number -> report(fact(number, 0, 10, number < 8 ? 50 : 80)));
        assertThat(alarms.isEmpty()).isTrue();
    }

    @Test
    void brighterAndFlatterImagesThanInTheFirstWindowRaiseAnAlarm() {
        anew(Map.of("prequential.inputDrift", "0.3"));
        LongStream.range(0, 8).forEach(number -> report(withPixels(number, 0.4, 0.2)));
        LongStream.range(8, 16).forEach(number -> report(withPixels(number, 0.5, 0.2)));
        LongStream.range(16, 24).forEach(number -> report(withPixels(number, 0.4, 0.1)));
        LongStream.range(24, 36).forEach(number -> report(withPixels(number, 0.42, 0.2)));
        List<Alarm> found = alarms.readValuesToList();
        assertThat(found).extracting(Alarm::getSubject, Alarm::getState, Alarm::getStatistic, Alarm::getToBatch).containsExactly(
                tuple("channel-0", AlarmState.RAISED, "mean-shift", 15L), tuple("channel-0", AlarmState.CLEARED, "mean-shift", 19L),
                tuple("channel-0", AlarmState.RAISED, "deviation-ratio", 23L),
                tuple("channel-0", AlarmState.CLEARED, "deviation-ratio", 27L));
        assertThat(found.get(0).getValue()).isCloseTo(0.5, within(1e-9));
        List<StreamStatistic> flat = windows.readValuesToList().get(5).getStatistics();
        assertThat(flat).filteredOn(statistic -> statistic.getStatistic().equals("deviation-ratio")).singleElement()
                .satisfies(ratio -> assertThat(ratio.getValue()).isCloseTo(Math.log(2), within(1e-9)));
    }

    @Test
    void whatCannotBeCountedIsSetAsideWithItsReason() {
        facts.pipeInput(5L, FORMAT.encode(fact(4, 0, 40, 50)));
        facts.pipeInput(6L, new byte[] {1, 2, 3});
        facts.pipeInput(7L, null);
        Attack more = fact(8, 0, 40, 50);
        facts.pipeInput(8L, FORMAT.encode(Attack.newBuilder(more).setImages(99).build()));
        facts.pipeInput(9L, FORMAT.encode(Attack.newBuilder(fact(9, 0, 40, 50)).setClasses(List.of(
                new ClassTally(100L, 101L, 0L, 0L))).build()));
        facts.pipeInput(10L, FORMAT.encode(Attack.newBuilder(fact(10, 0, 40, 50)).setChannels(List.of(
                new ChannelSums(100L, Double.NaN, 1.0))).build()));
        facts.pipeInput(11L, FORMAT.encode(Attack.newBuilder(fact(11, 0, 40, 50)).setEpsilon(Float.NaN).build()));
        facts.pipeInput(12L, FORMAT.encode(Attack.newBuilder(fact(12, 0, 40, 50)).setStep(-1).build()));
        report(fact(1200, 0, 40, 50));
        assertThat(letters.readRecordsToList()).extracting(letter -> DeadLetters.text(letter.headers(), DeadLetters.REASON).orElseThrow())
                .satisfiesExactly(reason -> assertThat(reason).isEqualTo("key: 5; allowed: the batch number of the fact, which is 4"),
                        reason -> assertThat(reason).startsWith("not a readable record"),
                        reason -> assertThat(reason).isEqualTo("the record is empty; allowed: an Attack"),
                        reason -> assertThat(reason).startsWith("classes: ").contains("99 images"),
                        reason -> assertThat(reason).startsWith("classes: "),
                        reason -> assertThat(reason).startsWith("channels: "),
                        reason -> assertThat(reason).startsWith("epsilon: NaN"),
                        reason -> assertThat(reason).startsWith("incarnation, step: 1, -1"),
                        reason -> assertThat(reason).isEqualTo("key: 1200; allowed: a batch number below data.batches, 1200"));
        assertThat(driver.getKeyValueStore(StreamWindows.FACTS).approximateNumEntries()).isZero();
    }

    /** In a run that never ends any batch number may come. */
    @Test
    void aBatchNumberWhoseWindowWouldHaveNoEndIsSetAside() {
        anew(Map.of("data.batches", "0", "optimizer.schedule", "constant"));
        report(fact(Long.MAX_VALUE - 1, 0, 40, 50));
        assertThat(letters.readRecordsToList()).extracting(letter -> DeadLetters.text(letter.headers(), DeadLetters.REASON).orElseThrow())
                .containsExactly("key: " + (Long.MAX_VALUE - 1) + "; allowed: at most " + Long.MAX_VALUE / 2);
    }

    private void report(Attack fact) {
        facts.pipeInput(fact.getBatchNumber(), FORMAT.encode(fact));
    }

    private static Attack withPixels(long number, double mean, double deviation) {
        return Attack.newBuilder(fact(number, 0, 40, 50))
                .setChannels(List.of(new ChannelSums(100L, 100 * mean, 100 * (mean * mean + deviation * deviation)))).build();
    }

    /**
     * Of a batch of 100 images, of which those with an even number are classified clean, too, three quarters of them rightly.
     *
     * @param robust images of 100 that withstand; 20 of them are of the second class
     * @param first images of the first class
     */
    private static Attack fact(long number, long epoch, int robust, int first) {
        int second = Math.min(20, robust);
        int clean = number % 2 == 0 ? 1 : 0;
        int firstRight = Math.min(first, 75) * clean;
        return new Attack(number, "attacker-1", 1, Math.max(0, number - 3), 100, 0.5f, 0f, 0f, 0.1f, 0f, Instant.ofEpochMilli(number),
                epoch, List.of(new ClassTally((long) first, (long) Math.min(first, robust - second), (long) first * clean, (long) firstRight),
                        new ClassTally(100L - first, (long) Math.min(100 - first, second), (100L - first) * clean,
                                (long) (75 - Math.min(first, 75)) * clean)),
                List.of(new ChannelSums(100L, 40.0, 20.0)));
    }
}

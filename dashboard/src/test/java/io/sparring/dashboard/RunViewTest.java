package io.sparring.dashboard;

import static io.sparring.dashboard.MadeRecords.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparring.schemas.AlarmKind;
import io.sparring.schemas.AlarmState;
import io.sparring.schemas.Sample;
import io.sparring.schemas.ServiceState;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunViewTest {

    private final RunView view = new RunView("fashion");

    @Test
    void tellsHowFarTheRunIs() {
        for (int n = 0; n < 10; n++) {
            view.add(MadeRecords.trained(n, 0, n + 1, 2f));
        }
        view.add(MadeRecords.dropped(10, 0, 10));
        JsonNode progress = section("progress", NOW + 2_000);
        assertThat(progress.get("batches").longValue()).isEqualTo(11);
        assertThat(progress.get("outcomes").get("TRAINED").longValue()).isEqualTo(10);
        assertThat(progress.get("outcomes").get("DROPPED").longValue()).isEqualTo(1);
        assertThat(progress.get("batchesPerSecond").doubleValue()).isEqualTo(10);
        assertThat(section("progress", NOW + 60_000).get("batchesPerSecond").isNull()).as("nothing comes any more").isTrue();
    }

    @Test
    void countsWhatIsTrimmedAsDone() {
        view.add(MadeRecords.trained(400, 0, 401, 2f));
        view.add(MadeRecords.trained(401, 0, 402, 2f));
        assertThat(section("progress", NOW).get("batches").longValue()).isEqualTo(402);
        assertThat(section("progress", NOW).get("firstBatch").longValue()).isEqualTo(400);
    }

    @Test
    void tellsWhoIsAliveAndWhoIsSilent() {
        view.add(MadeRecords.status("attacker", "attacker-1", ServiceState.RUNNING, 100, 5L), NOW);
        view.add(MadeRecords.status("attacker", "attacker-2", ServiceState.WAITING, 50, 2L), NOW + 4_000);
        view.add(MadeRecords.status("trainer", "trainer-1", ServiceState.STOPPED, 0, null), NOW + 4_000);
        JsonNode services = section("services", NOW + 5_000);
        assertThat(services.get("processes")).extracting(process -> process.get("instance").textValue())
                .containsExactly("attacker-1", "attacker-2", "trainer-1");
        assertThat(services.get("processes")).extracting(process -> process.get("alive").booleanValue())
                .containsExactly(true, true, false);
        assertThat(services.get("stages").get("attacker").get("imagesPerSecond").doubleValue()).isEqualTo(150);
        assertThat(services.get("stages").get("attacker").get("lag").longValue()).isEqualTo(7);
        services = section("services", NOW + 5_001);
        assertThat(services.get("stages").get("attacker").get("imagesPerSecond").doubleValue()).isEqualTo(50);
        assertThat(services.get("processes").get(0).get("instance").textValue()).isEqualTo("attacker-2");
        assertThat(services.get("processes").get(0).get("update").textValue()).isEqualTo("0/30");
    }

    @Test
    void addsUpTheRatesOfAServiceOverTime() {
        for (int second = 0; second < 2_000; second++) {
            view.add(MadeRecords.status("attacker", "one", ServiceState.RUNNING, 100, 3L), NOW + 1_000L * second);
            view.add(MadeRecords.status("attacker", "two", ServiceState.RUNNING, 100, 3L), NOW + 1_000L * second + 10);
            view.add(MadeRecords.status("trainer", "trainer", ServiceState.RUNNING, 80, null), NOW + 1_000L * second + 20);
        }
        JsonNode rates = section("rates", NOW);
        assertThat(rates.get("time").size()).isBetween(RateSeries.MOST / 2, RateSeries.MOST);
        assertThat(rates.get("lines")).extracting(line -> line.get("service").textValue()).containsExactly("attacker", "trainer");
        int last = rates.get("time").size() - 1;
        assertThat(rates.get("lines").get(0).get("imagesPerSecond").get(last).doubleValue()).isEqualTo(200);
        assertThat(rates.get("lines").get(0).get("lag").get(last).doubleValue()).isEqualTo(6);
        assertThat(rates.get("lines").get(1).get("lag").get(last).isNull()).isTrue();
    }

    @Test
    void countsEachDeadLetterOnceByWhereItCameFrom() {
        view.addLetter(MadeRecords.letter(0, "fashion.clean-batches", 5, "sha256: 00; allowed: ff"));
        view.addLetter(MadeRecords.letter(1, "fashion.clean-batches", 5, "sha256: 00; allowed: ff"));
        view.addLetter(MadeRecords.letter(2, "fashion.clean-batches", 6, "sha256: 11; allowed: ff"));
        view.addLetter(MadeRecords.letter(3, "fashion.evaluations", 6, "not a readable record: no marker"));
        JsonNode letters = section("letters", NOW);
        assertThat(letters.get("count").longValue()).isEqualTo(3);
        assertThat(letters.get("reasons")).extracting(reason -> reason.get("reason").textValue() + " " + reason.get("count"))
                .containsExactly("clean-batches: sha256 2", "evaluations: not a readable record 1");
        assertThat(letters.get("newest").get(0).get("from").textValue()).isEqualTo("evaluations-0@6");
    }

    @Test
    void anAlarmStandsUntilItIsCleared() {
        view.add(MadeRecords.alarm(AlarmKind.INPUT_DRIFT, "channel-0", AlarmState.RAISED, 0.3));
        view.add(MadeRecords.alarm(AlarmKind.LABEL_DRIFT, "labels", AlarmState.RAISED, 0.2));
        view.add(MadeRecords.alarm(AlarmKind.INPUT_DRIFT, "channel-0", AlarmState.CLEARED, 0.05));
        JsonNode alarms = section("alarms", NOW);
        assertThat(alarms.get("standing")).extracting(alarm -> alarm.get("subject").textValue()).containsExactly("labels", "channel-0");
        assertThat(alarms.get("standing")).extracting(alarm -> alarm.get("raised").booleanValue()).containsExactly(true, false);
        assertThat(alarms.get("changes")).hasSize(3);
        assertThat(alarms.get("standing").get(0).get("value").doubleValue()).isEqualTo(0.2);
    }

    @Test
    void showsTheNewestBatchsImages() {
        view.add(MadeRecords.sample(8, 8, NOW));
        view.add(MadeRecords.sample(4, 8, NOW - 1));
        JsonNode sample = section("sample", NOW);
        assertThat(sample.get("batchNumber").longValue()).isEqualTo(8);
        assertThat(sample.get("images")).hasSize(8);
        JsonNode image = sample.get("images").get(0);
        assertThat(image.get("pixels").textValue()).isEqualTo("AArI/w==");
        assertThat(image.get("perturbed").textValue()).isEqualTo("BQXN+g==");
        assertThat(image.get("probability").doubleValue()).isEqualTo(0.75);
        assertThat(image.get("predictedPerturbed").intValue()).isEqualTo(1);
    }

    @Test
    void refusesRecordsThatCannotBeShown() {
        Sample sample = MadeRecords.sample(0, 1, NOW);
        assertThatThrownBy(() -> view.add(Sample.newBuilder(sample).setHeight(3).build()))
                .hasMessage("pixels: 4 bytes; allowed: height x width x channels = 6");
        assertThatThrownBy(() -> view.add(Sample.newBuilder(sample).setHeight(70_000).setWidth(70_000).build()))
                .hasMessageStartingWith("images: 70000 x 70000 x 1; allowed: ");
        assertThatThrownBy(() -> view.add(MadeRecords.status("trainer", "t", ServiceState.RUNNING, Double.NaN, null), NOW))
                .hasMessageStartingWith("imagesPerSecond: NaN; allowed: ");
        assertThatThrownBy(() -> view.add(MadeRecords.trained(-1, 0, 1, 1f))).hasMessageStartingWith("batchNumber: -1; allowed: ");
        assertThat(view.sections(NOW)).doesNotContainKey("sample");
    }

    /** Whatever is on the topics, and however much of it, the page is of a size that can be sent each second. */
    @Test
    void isBoundedHoweverLongTheRunAndHoweverStrangeItsRecords() throws Exception {
        for (long seed = 0; seed < 3; seed++) {
            Random random = new Random(seed);
            RunView bounded = new RunView("fashion");
            String longName = "x".repeat(5_000);
            for (int n = 0; n < 30_000; n++) {
                bounded.add(MadeRecords.trained(n, 0, random.nextInt(10) == 0 ? Math.abs(random.nextLong()) : n, random.nextFloat()));
                bounded.add(MadeRecords.window(n, 0, n, 400));
                bounded.add(MadeRecords.complete(0, n, "attack-" + random.nextInt(100) + longName, 5));
                bounded.add(MadeRecords.status("service-" + random.nextInt(50), longName + random.nextInt(100_000),
                        ServiceState.RUNNING, 5, 1L), NOW + random.nextInt(1_000_000));
                bounded.addLetter(MadeRecords.letter(n, "fashion.clean-batches", n, longName + random.nextInt(1_000)));
                bounded.add(MadeRecords.alarm(AlarmKind.OTHER, random.nextInt(1_000) + longName, AlarmState.RAISED, 1));
            }
            bounded.add(Sample.newBuilder(MadeRecords.sample(0, 5, NOW)).setAttacker(longName).build());
            assertThat(new ObjectMapper().writeValueAsString(bounded.sections(NOW + 1_000_000)).length()).as("seed %d", seed)
                    .isLessThan(800_000);
        }
    }

    @Test
    void sliceOfABufferIsReadFromItsPosition() {
        ByteBuffer whole = ByteBuffer.wrap(new byte[] {9, 9, 1, 2, 3, 4});
        Sample sample = MadeRecords.sample(0, 1, NOW);
        sample = Sample.newBuilder(sample).setImages(List.of(io.sparring.schemas.SampledImage.newBuilder(sample.getImages().get(0))
                .setPixels(whole.position(2).slice()).build())).build();
        view.add(sample);
        assertThat(section("sample", NOW).get("images").get(0).get("pixels").textValue()).isEqualTo("AQIDBA==");
    }

    private JsonNode section(String name, long now) {
        return new ObjectMapper().valueToTree(view.sections(now).get(name));
    }
}

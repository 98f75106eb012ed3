package io.sparring.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparring.pipeline.KafkaRefusedException;
import io.sparring.schemas.PrequentialWindow;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.Sample;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.TrainingStep;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicReaderTest {

    private final FakeTopics topics = FakeTopics.all();
    private TopicReader reader;

    @AfterEach
    void close() {
        reader.close();
        assertThat(reader.ended()).isDone();
    }

    @Test
    void readsWhatThereIsAndThenWhatComes() {
        topics.append(RunTopic.TRAINING_STEPS, TrainingStep.class, MadeRecords.trained(0, 0, 1, 2f));
        topics.append(RunTopic.ROBUSTNESS, Robustness.class, MadeRecords.complete(0, 0, "clean", 114));
        start(topics);
        await().until(() -> reader.state().caughtUp());
        assertThat(section("progress").get("batches").longValue()).isEqualTo(1);
        assertThat(section("accuracy").get("lines")).hasSize(1);
        topics.append(RunTopic.TRAINING_STEPS, TrainingStep.class, MadeRecords.trained(1, 0, 2, 1f));
        topics.append(MadeRecords.letter(0, "fashion.clean-batches", 5, "sha256: 00; allowed: ff"));
        topics.append(RunTopic.SAMPLES, Sample.class, MadeRecords.sample(4, 8, MadeRecords.NOW));
        topics.append(RunTopic.PREQUENTIAL, PrequentialWindow.class, MadeRecords.window(7, 0, 2, 400));
        await().untilAsserted(() -> {
            assertThat(section("progress").get("batches").longValue()).isEqualTo(2);
            assertThat(section("letters").get("count").longValue()).isEqualTo(1);
            assertThat(section("sample").get("batchNumber").longValue()).isEqualTo(4);
            assertThat(section("stream").at("/robust/0").doubleValue()).isEqualTo(0.5);
        });
    }

    @Test
    void passesOverWhatItCannotRead() {
        topics.append(RunTopic.TRAINING_STEPS, new byte[] {1, 2, 3});
        topics.append(RunTopic.TRAINING_STEPS, (byte[]) null);
        topics.append(RunTopic.TRAINING_STEPS, TrainingStep.class, MadeRecords.trained(-4, 0, 1, 2f));
        topics.append(RunTopic.TRAINING_STEPS, TrainingStep.class, MadeRecords.trained(0, 0, 1, 2f));
        start(topics);
        await().untilAsserted(() -> assertThat(section("progress").get("batches").longValue()).isEqualTo(1));
    }

    /** Another machine's clock may be wrong: what comes now has been sent now. */
    @Test
    void believesItsOwnClockOfHeartbeatsThatArrive() {
        start(topics);
        await().until(() -> reader.state().caughtUp());
        topics.append(RunTopic.SERVICE_STATUS, ServiceStatus.class,
                ServiceStatus.newBuilder(MadeRecords.status("trainer", "t", ServiceState.RUNNING, 1, null))
                        .setReportedAt(Instant.EPOCH).build());
        await().untilAsserted(() -> assertThat(section("services").at("/processes/0/alive").booleanValue()).isTrue());
    }

    @Test
    void aHeartbeatOfBeforeIsAsOldAsItSays() {
        topics.append(RunTopic.SERVICE_STATUS, ServiceStatus.class,
                ServiceStatus.newBuilder(MadeRecords.status("trainer", "t", ServiceState.RUNNING, 1, null))
                        .setReportedAt(Instant.EPOCH).build());
        start(topics);
        await().until(() -> reader.state().caughtUp());
        assertThat(section("services").get("processes").get(0).get("alive").booleanValue()).isFalse();
    }

    @Test
    void saysThatTheClusterIsAwayAndGoesOnWhenItIsThereAgain() {
        start(topics);
        await().until(() -> reader.state().caughtUp());
        topics.fail(new TimeoutException("no answer"));
        await().untilAsserted(() -> assertThat(reader.state().problem()).isEqualTo("The cluster cannot be reached."));
        assertThat(reader.state().caughtUp()).isTrue();
        topics.fail(null);
        topics.append(RunTopic.TRAINING_STEPS, TrainingStep.class, MadeRecords.trained(0, 0, 1, 2f));
        await().untilAsserted(() -> {
            assertThat(reader.state().problem()).isNull();
            assertThat(section("progress").get("batches").longValue()).isEqualTo(1);
        });
        assertThat(topics.readersMade()).as("nothing had to be read again").isEqualTo(1);
    }

    @Test
    void waitsForAClusterThatIsAwayAtTheBeginning() {
        topics.fail(new TimeoutException("no answer"));
        topics.append(RunTopic.TRAINING_STEPS, TrainingStep.class, MadeRecords.trained(0, 0, 1, 2f));
        start(topics);
        await().untilAsserted(() -> assertThat(reader.state().problem()).isEqualTo("The cluster cannot be reached."));
        topics.fail(null);
        await().until(() -> reader.state().caughtUp());
        assertThat(section("progress").get("batches").longValue()).isEqualTo(1);
    }

    @Test
    void endsWhereItMayNotRead() {
        start(topics);
        await().until(() -> reader.state().caughtUp());
        topics.fail(new TopicAuthorizationException("fashion.robustness"));
        assertThatThrownBy(() -> reader.ended().get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(KafkaRefusedException.class);
    }

    @Test
    void goesOnBehindWhatHasBeenTrimmed() {
        topics.append(RunTopic.TRAINING_STEPS, TrainingStep.class, MadeRecords.trained(0, 0, 1, 2f));
        topics.append(RunTopic.TRAINING_STEPS, TrainingStep.class, MadeRecords.trained(1, 0, 2, 2f));
        topics.trim(RunTopic.TRAINING_STEPS, 1);
        start(topics);
        await().untilAsserted(() -> assertThat(section("progress").get("firstBatch").longValue()).isEqualTo(1));
    }

    @Test
    void findsTopicsThatAreMadeLater() {
        FakeTopics old = new FakeTopics(RunTopic.TRAINING_STEPS, RunTopic.ROBUSTNESS);
        start(old);
        await().until(() -> reader.state().caughtUp());
        old.create(RunTopic.SAMPLES);
        old.append(RunTopic.SAMPLES, Sample.class, MadeRecords.sample(4, 8, MadeRecords.NOW));
        await().atMost(30, TimeUnit.SECONDS).until(() -> reader.view().sections(0).containsKey("sample"));
    }

    private void start(FakeTopics read) {
        reader = new TopicReader(FakeTopics.RUN, read::reader, Clock.systemUTC());
        reader.start();
    }

    private JsonNode section(String name) {
        return new ObjectMapper().valueToTree(reader.view().sections(System.currentTimeMillis()).get(name));
    }
}

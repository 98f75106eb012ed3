package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparring.schemas.WriterSchemaHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaSettingsTest {

    private static final String NOBODY = "127.0.0.1:1";

    @TempDir
    private Path folder;

    @Test
    void environmentIsOverTheFileAndTheOptionOverBoth() throws IOException {
        Path file = file("bootstrap.servers=file:1\nclient.id=file\nsecurity.protocol=SSL\n");
        Map<String, String> environment = Map.of("SPARRING_KAFKA_BOOTSTRAP_SERVERS", "environment:1",
                "SPARRING_KAFKA_CLIENT_ID", "environment", "SPARRING_RUN_SEED", "7", "KAFKA_CLIENT_RACK", "r");
        assertThat(KafkaSettings.read("option:1", file, environment).forStreams()).isEqualTo(Map.of(
                "bootstrap.servers", "option:1", "client.id", "environment", "security.protocol", "SSL"));
        assertThat(KafkaSettings.read(null, file, environment).forStreams()).containsEntry("bootstrap.servers", "environment:1");
        assertThat(KafkaSettings.read(null, file, Map.of()).forStreams()).containsEntry("bootstrap.servers", "file:1");
        assertThat(KafkaSettings.read("option:1", null, Map.of()).forStreams())
                .isEqualTo(KafkaSettings.of("option:1").forStreams()).isEqualTo(Map.of("bootstrap.servers", "option:1"));
    }

    @Test
    void withoutAClusterItSaysHowToNameOne() {
        assertThatThrownBy(() -> KafkaSettings.read(null, null, Map.of("SPARRING_KAFKA_CLIENT_ID", "a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no Kafka cluster named: give --bootstrap-servers HOST:PORT, "
                        + "bootstrap.servers in --kafka-config FILE, or SPARRING_KAFKA_BOOTSTRAP_SERVERS");
    }

    @Test
    void aFileThatCannotBeReadIsNamedWithTheReason() throws IOException {
        Path missing = folder.resolve("missing.properties");
        assertThatThrownBy(() -> KafkaSettings.read("a:1", missing, Map.of())).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Kafka settings " + missing + ": cannot be read: java.nio.file.NoSuchFileException: " + missing);
        Path broken = file("client.id=\\u00zz");
        assertThatThrownBy(() -> KafkaSettings.read("a:1", broken, Map.of())).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Kafka settings " + broken + ": cannot be read: ");
    }

    @Test
    void noSecretIsShown() throws IOException {
        KafkaSettings kafka = KafkaSettings.read("a:1", file("sasl.jaas.config=password-one\n"),
                Map.of("SPARRING_KAFKA_SSL_KEY_PASSWORD", "password-two"));
        assertThat(kafka.forStreams()).containsEntry("sasl.jaas.config", "password-one")
                .containsEntry("ssl.key.password", "password-two");
        assertThat(kafka).hasToString("Kafka at a:1");
    }

    @Test
    void producersOfBatchesCompressUnlessTheSettingsSayHow() throws IOException {
        KafkaSettings kafka = KafkaSettings.of("a:1");
        assertThat(kafka.compressing().forStreams()).containsEntry("compression.type", "zstd");
        assertThat(kafka.forStreams()).as("others do not").doesNotContainKey("compression.type");
        KafkaSettings named = KafkaSettings.read("a:1", file("compression.type=lz4\n"), Map.of());
        assertThat(named.compressing().forStreams()).containsEntry("compression.type", "lz4")
                .doesNotContainKey("compression.zstd.level");
        KafkaSettings level = KafkaSettings.read("a:1", file("compression.zstd.level=9\n"), Map.of());
        assertThat(level.compressing().forStreams()).containsEntry("compression.type", "zstd")
                .containsEntry("compression.zstd.level", "9");
    }

    @Test
    void settingsCannotBeChangedAfterwards() {
        assertThatThrownBy(() -> KafkaSettings.of("a:1").forStreams().put("bootstrap.servers", "b:1"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void whatConsumersPromiseCannotBeOverridden() throws IOException {
        KafkaSettings hostile = hostile();
        Map<String, Object> promised = Map.of("isolation.level", "read_committed", "enable.auto.commit", false,
                "auto.offset.reset", "none", "allow.auto.create.topics", false, "max.poll.records", 16,
                "max.partition.fetch.bytes", 8 * 1024 * 1024, "bootstrap.servers", NOBODY, "client.id", "mine");
        assertThat(captured(() -> hostile.reader(new StringDeserializer(), new StringDeserializer())))
                .containsAllEntriesOf(promised);
        assertThat(captured(() -> hostile.follower(new StringDeserializer(), new StringDeserializer())))
                .containsAllEntriesOf(promised);
        assertThat(captured(() -> hostile.member("group", 6_000, Duration.ofHours(1), new StringDeserializer(), new StringDeserializer())))
                .containsAllEntriesOf(promised)
                .containsAllEntriesOf(Map.of("group.id", "group", "group.protocol", "classic", "session.timeout.ms", 6_000,
                        "heartbeat.interval.ms", 1_500));
    }

    @Test
    void howOftenAConsumerThatHasNothingToDoLooksUpIsTheSettingsToSay() throws IOException {
        String capturing = "interceptor.classes=" + CapturingInterceptor.class.getName() + "\n";
        KafkaSettings silent = KafkaSettings.read(NOBODY, file(capturing), Map.of());
        assertThat(captured(() -> silent.follower(new StringDeserializer(), new StringDeserializer())))
                .containsEntry("fetch.max.wait.ms", 2_000);
        assertThat(captured(() -> silent.member("group", 6_000, Duration.ofHours(1), new StringDeserializer(), new StringDeserializer())))
                .containsEntry("retry.backoff.ms", 300).containsEntry("max.poll.interval.ms", 3_600_000)
                .doesNotContainKey("fetch.max.wait.ms");
        KafkaSettings named = KafkaSettings.read(NOBODY, file(capturing + "fetch.max.wait.ms=700\nretry.backoff.ms=80\n"
                + "max.poll.interval.ms=7200000\n"), Map.of());
        assertThat(captured(() -> named.follower(new StringDeserializer(), new StringDeserializer())))
                .containsEntry("fetch.max.wait.ms", "700");
        assertThat(captured(() -> named.member("group", 6_000, Duration.ofHours(1), new StringDeserializer(), new StringDeserializer())))
                .containsEntry("retry.backoff.ms", "80").containsEntry("max.poll.interval.ms", "7200000");
    }

    /** A member refuses to be made with what its group decides. */
    @Test
    void whatAGroupDecidesIsKeptFromItsMembers() throws IOException {
        KafkaSettings hostile = KafkaSettings.read(NOBODY, file("isolation.level=read_uncommitted\nauto.offset.reset=latest\n"
                + "enable.auto.commit=true\nsession.timeout.ms=1000\ngroup.protocol=classic\nmax.poll.records=500\n"
                + "share.acknowledgement.mode=implicit\nshare.acquire.mode=batch_optimized\nclient.id=mine\n"), Map.of());
        try (var sharing = hostile.sharing("run.attacker-queue", new StringDeserializer(), new StringDeserializer())) {
            assertThatThrownBy(() -> sharing.acknowledge("topic", 0, 0, AcknowledgeType.ACCEPT)).as("acknowledges explicitly")
                    .isInstanceOf(IllegalStateException.class).hasMessageNotContaining("implicit");
        }
    }

    @Test
    void whatProducersPromiseCannotBeOverridden() throws IOException {
        KafkaSettings hostile = hostile();
        Map<String, Object> promised = Map.of("acks", "all", "enable.idempotence", true, "max.request.size", 8 * 1024 * 1024,
                "bootstrap.servers", NOBODY, "client.id", "mine", "interceptor.classes",
                CapturingInterceptor.class.getName() + "," + WriterSchemaHeader.class.getName());
        assertThat(captured(() -> hostile.producer(new StringSerializer()))).containsAllEntriesOf(promised)
                .doesNotContainKey("transactional.id");
        assertThat(captured(() -> hostile.hasty(new StringSerializer()))).containsAllEntriesOf(Map.of("acks", "all",
                "max.in.flight.requests.per.connection", 1, "max.block.ms", 1_000)).doesNotContainKey("transactional.id");
        assertThat(captured(() -> hostile.transactional("run.producer", new StringSerializer()))).containsAllEntriesOf(promised)
                .containsAllEntriesOf(Map.of("transactional.id", "run.producer", "transaction.timeout.ms", 10_000,
                        "max.in.flight.requests.per.connection", 1));
    }

    @Test
    void theAdminClientHasTheSettings() {
        try (var admin = KafkaSettings.of(NOBODY).admin()) {
            assertThat(admin).isNotNull();
        }
        assertThatThrownBy(() -> KafkaSettings.of("no port").admin())
                .hasRootCauseMessage("Invalid url in bootstrap.servers: no port");
    }

    @Test
    void aClusterThatDoesNotAnswerIsOneClearError() throws IOException {
        KafkaSettings nobody = KafkaSettings.read(NOBODY, file("default.api.timeout.ms=300\nrequest.timeout.ms=200\n"), Map.of());
        assertThatThrownBy(nobody::requireAccess).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Kafka at 127.0.0.1:1 does not answer (")
                .hasMessageEndingWith("); see bootstrap.servers and security.protocol");
    }

    @Test
    void settingsThatAreOfNoUseAreSaidWithTheirCause() throws IOException {
        KafkaSettings missing = KafkaSettings.read(NOBODY,
                file("security.protocol=SSL\nssl.truststore.type=PEM\nssl.truststore.location=/nowhere.pem\n"), Map.of());
        assertThatThrownBy(missing::requireAccess).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Kafka settings: ").hasMessageContaining("/nowhere.pem");
        KafkaSettings broken = KafkaSettings.read(NOBODY, file("security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\n"
                + "sasl.jaas.config=ScramLoginModule required username=\"a\" password=\"first\"second\";\n"), Map.of());
        assertThatThrownBy(broken::requireAccess).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sasl.jaas.config cannot be read").hasMessageNotContainingAny("first", "second");
    }

    /** Settings that are against all that is promised. */
    private KafkaSettings hostile() throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of("isolation.level", "read_uncommitted", "enable.auto.commit", "true",
                "auto.offset.reset", "latest", "allow.auto.create.topics", "true", "max.poll.records", "500",
                "group.id", "theirs", "acks", "1", "enable.idempotence", "false", "transactional.id", "theirs"));
        settings.putAll(Map.of("max.request.size", "10", "transaction.timeout.ms", "60000", "session.timeout.ms", "45000",
                "max.partition.fetch.bytes", "10", "max.block.ms", "60000", "linger.ms", "60000", "client.id", "mine",
                "interceptor.classes", CapturingInterceptor.class.getName()));
        StringBuilder text = new StringBuilder();
        settings.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        return KafkaSettings.read(NOBODY, file(text.toString()), Map.of());
    }

    private static Map<String, Object> captured(Supplier<? extends AutoCloseable> client) {
        CapturingInterceptor.CAPTURED.set(null);
        try (AutoCloseable made = client.get()) {
            assertThat(made).isNotNull();
            return new HashMap<>(CapturingInterceptor.CAPTURED.get());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Path file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "kafka", ".properties"), text);
    }
}

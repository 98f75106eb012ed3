package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A broker that knows its clients by their certificates, set up as docs/security.md says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientCertificateIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final SecurityGuide guide = guide();
    private final String keyPassword = "secret-" + UUID.randomUUID();
    private Path folder;
    private ChildProcess broker;
    private String bootstrapServers;

    @BeforeAll
    void startTheBroker(@TempDir Path folder) throws Exception {
        this.folder = folder;
        Files.writeString(folder.resolve("run.yaml"),
                RunFile.toYaml(RunFile.read(null, Map.of(), Map.of("run", "certificates", "partitions", "1"))));
        SecureBroker.keytool(folder, guide.keytoolCommands(), keyPassword);
        SecureBroker.keytool(folder, guide.clientKeytoolCommands("admin"), keyPassword);
        SecureBroker.keytool(folder, guide.clientKeytoolCommands("stranger"), keyPassword);
        Path settings = Files.writeString(folder.resolve("broker.properties"),
                guide.certificateBrokerProperties(folder, keyPassword));
        broker = ChildProcess.start(ChildCommand.sparring("broker", folder.resolve("broker.log"), "broker", "--folder",
                folder.resolve("data").toString(), "--config", settings.toString()).withJvmOptions("-Xmx512m"));
        bootstrapServers = broker.awaitReady(LIMIT);
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    @Test
    void whoHasACertificateAndTheRightGetsIn() throws Exception {
        assertThat(createTopics("admin", settings("admin"))).isEmpty();
    }

    @Test
    void whoHasACertificateAlone() throws Exception {
        assertThat(createTopics("stranger", settings("stranger"))).singleElement().asString().startsWith("sparring: Kafka: ")
                .endsWith("authorization failed.; its user lacks an ACL (docs/security.md lists those of each service)");
    }

    @Test
    void whoHasNoCertificateIsToldSo() throws Exception {
        String none = settings("admin").lines().filter(line -> !line.startsWith("ssl.keystore")).reduce("", (a, b) -> a + b + "\n");
        assertRefused(createTopics("without", none));
    }

    @Test
    void whoseCertificateNobodyTrustedHasSignedIsToldSo() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        SecureBroker.keytool(other, guide.keytoolCommands(), keyPassword);
        SecureBroker.keytool(other, guide.clientKeytoolCommands("admin"), keyPassword);
        assertRefused(createTopics("untrusted", settings("admin").replace(folder + "/admin.p12", other + "/admin.p12")));
    }

    private static void assertRefused(List<String> errors) {
        assertThat(errors).singleElement().asString().startsWith("sparring: Kafka: ")
                .contains("ssl.keystore.location if the broker asks for one of the client's");
    }

    private String settings(String user) {
        return guide.certificateClientProperties(folder, keyPassword, user);
    }

    /** What the command says that is no log line; nothing if it has done its work. */
    private List<String> createTopics(String name, String kafka) throws Exception {
        Path file = Files.writeString(folder.resolve(name + ".properties"), kafka);
        ChildProcess topics = ChildProcess.start(ChildCommand.sparring(name, folder.resolve(name + ".log"), "topics", "create",
                "--run", folder.resolve("run.yaml").toString(), "--kafka-config", file.toString(),
                "--bootstrap-servers", bootstrapServers));
        int exitCode = topics.exitCode().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        String log = Files.readString(topics.log());
        assertThat(log).doesNotContain(keyPassword);
        List<String> errors = log.lines().filter(line -> line.startsWith("sparring: ")).toList();
        assertThat(exitCode).as(log).isEqualTo(errors.isEmpty() ? 0 : 1);
        return errors;
    }

    private static SecurityGuide guide() {
        try {
            return SecurityGuide.read();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

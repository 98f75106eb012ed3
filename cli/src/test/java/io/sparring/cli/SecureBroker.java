package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.KafkaSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.tools.AclCommand;

/** A broker with TLS, passwords and ACLs in a process of its own, made as docs/security.md says. */
final class SecureBroker implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Path folder;
    private final Map<String, String> passwords = new TreeMap<>();
    private final SecurityGuide guide = SecurityGuide.read();
    private final ChildProcess process;
    private final String bootstrapServers;

    private SecureBroker(Path folder, List<String> users) throws IOException, InterruptedException {
        this.folder = folder;
        for (String user : users) {
            passwords.put(user, "secret-" + UUID.randomUUID());
        }
        passwords.put("keys", "secret-" + UUID.randomUUID());
        keytool(folder, guide.keytoolCommands(), passwords.get("keys"));
        Path settings = Files.writeString(folder.resolve("broker.properties"),
                guide.brokerProperties(folder, passwords.get("keys"), passwords.get("broker")));
        Path known = Files.writeString(folder.resolve("users.properties"), users.stream()
                .map(user -> user + "=" + passwords.get(user) + "\n").collect(Collectors.joining()));
        process = ChildProcess.start(ChildCommand.sparring("broker", folder.resolve("broker.log"), "broker",
                "--folder", folder.resolve("broker").toString(), "--config", settings.toString(),
                "--users", known.toString()).withJvmOptions("-Xmx512m", "-XX:TieredStopAtLevel=1"));
        bootstrapServers = process.awaitReady(LIMIT);
    }

    /** Starts one that knows these users besides broker and admin; only those two may do anything. */
    static SecureBroker start(Path folder, String... users) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("broker", "admin"));
        all.addAll(Arrays.asList(users));
        return new SecureBroker(folder, all);
    }

    /** Adds the ACLs of the guide for a run. */
    void allow(String run) throws IOException {
        guide.aclCommands(run, bootstrapServers, clientFile("admin")).forEach(SecureBroker::acls);
    }

    /** Adds ACLs as kafka-acls does. */
    void allow(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("--bootstrap-server", bootstrapServers, "--command-config",
                clientFile("admin").toString(), "--add"));
        all.addAll(Arrays.asList(arguments));
        acls(all.toArray(String[]::new));
    }

    /** A file for --kafka-config with which a user gets in. */
    Path clientFile(String user) throws IOException {
        return clientFile(user, passwords.get(user), folder.resolve("authority.pem"));
    }

    Path clientFile(String user, String password, Path trusted) throws IOException {
        return Files.writeString(Files.createTempFile(folder, user, ".properties"), """
                bootstrap.servers=%s
                security.protocol=SASL_SSL
                sasl.mechanism=SCRAM-SHA-512
                sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="%s" password="%s";
                ssl.truststore.type=PEM
                ssl.truststore.location=%s
                """.formatted(bootstrapServers, user, password, trusted));
    }

    /** The certificate of an authority that has signed nothing. */
    static Path otherAuthority(Path folder) throws IOException, InterruptedException {
        Files.createDirectory(folder);
        List<String> commands = SecurityGuide.read().keytoolCommands().lines().limit(2).toList();
        keytool(folder, String.join("\n", commands), "secret-of-others");
        return folder.resolve("authority.pem");
    }

    KafkaSettings client(String user) throws IOException {
        return KafkaSettings.read(null, clientFile(user), Map.of());
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    Collection<String> secrets() {
        return passwords.values();
    }

    @Override
    public void close() {
        process.close();
    }

    static void keytool(Path folder, String commands, String password) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-e", "-c", commands).directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(folder.resolve("keytool.log").toFile());
        builder.environment().put("PASSWORD", password);
        builder.environment().merge("PATH", Path.of(System.getProperty("java.home"), "bin").toString(),
                (path, java) -> java + ":" + path);
        Process keytool = builder.start();
        assertThat(keytool.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).as(() -> "see keytool.log in " + folder).isZero();
    }

    /** The tool prints what went wrong and would end this JVM. */
    private static void acls(String[] arguments) {
        Exit.setExitProcedure((status, message) -> {
            throw new AssertionError("kafka-acls " + String.join(" ", arguments) + " ended with " + status);
        });
        try {
            AclCommand.main(arguments);
        } finally {
            Exit.resetExitProcedure();
        }
    }
}

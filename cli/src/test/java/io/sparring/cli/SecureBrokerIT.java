package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sparring.cli.RunLog.Entry;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.IncomingImage;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.Sample;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.TrainingStep;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run on a broker with TLS, passwords and ACLs: each service has a user that may do what docs/security.md says, and no
 * more. Afterwards, services that do not get in, or may do too little.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecureBrokerIT {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int BATCHES = 24;

    /** What a service logs all the same, tells its parent, and says of a refused heartbeat, without which it could live. */
    private static final String USUAL =
            "[\\d:.]{12} INFO .*|ready .*|.* WARN .*nobody sees that this service is alive.*";

    private final RunSpecification run = RunFile.read(null, Map.of(), Map.ofEntries(
            Map.entry("run", "secure-" + UUID.randomUUID()), Map.entry("data.name", "fashion-mnist"),
            Map.entry("data.batchSize", "16"), Map.entry("data.batches", "" + BATCHES),
            Map.entry("data.heldOutImages", "100"), Map.entry("data.heldOutBatchSize", "50"),
            Map.entry("network.width", "2"), Map.entry("network.hidden", "8"), Map.entry("attack.steps", "1"),
            Map.entry("evaluation.steps", "2"), Map.entry("evaluation.every", "" + BATCHES),
            // the last checkpoint has the trainer trim what is below the one before
            Map.entry("publishing.interval", "4"), Map.entry("publishing.checkpointEvery", "3"),
            Map.entry("publishing.checkpointsKept", "2"), Map.entry("optimizer.learningRate", "0.01"),
            Map.entry("staleness.craftAfterSeconds", "600")));
    private final List<ChildProcess> children = new ArrayList<>();
    private Path folder;
    private SecureBroker broker;
    private KafkaSettings admin;

    @BeforeAll
    void startTheBrokerAndRun(@TempDir Path folder) throws Exception {
        this.folder = folder;
        Files.writeString(folder.resolve("run.yaml"), RunFile.toYaml(run));
        broker = SecureBroker.start(folder, "operator", "exporter", "replayer", "dashboard", "ingester", "producer", "attacker", "trainer", "evaluator",
                "stranger", "reader", "uncounted", "unqueued");
        admin = broker.client("admin");
        broker.allow(run.run());
        ChildProcess topics = start("topics", broker.clientFile("operator"), "topics", "create");
        assertThat(exitCode(topics)).as(() -> log(topics)).isZero();
        RunProgress progress = new RunProgress(run);
        try (RunMonitor monitor = RunMonitor.start(admin, run.run(), progress)) {
            service("producer", "producer", "producer");
            service("trainer", "trainer", "trainer");
            service("evaluator", "evaluator", "evaluator");
            service("attacker", "attacker-1", "attacker");
            service("attacker", "attacker-2", "attacker");
            await().atMost(LIMIT).until(() -> {
                assertThat(children.subList(1, children.size())).allSatisfy(child ->
                        assertThat(child.isAlive()).as(() -> log(child)).isTrue());
                return progress.batches() == BATCHES && progress.newestIsMeasured();
            });
        }
        for (String command : List.of("pause", "resume")) {
            ChildProcess asked = start(command, broker.clientFile("operator"), command);
            assertThat(exitCode(asked)).as(() -> log(asked)).isZero();
        }
        ChildProcess export = start("export", broker.clientFile("exporter"), "export", "--gate", "clean >= 0",
                "--out", folder.resolve("model").toString());
        assertThat(exitCode(export)).as(() -> log(export)).isZero();
        ChildProcess replay = start("replay", broker.clientFile("replayer"), "replay", "--recraft");
        assertThat(exitCode(replay)).as(() -> log(replay)).isZero();
        // none of them is to have the work that others are to be refused
        children.parallelStream().forEach(ChildProcess::close);
    }

    @AfterEach
    void noSecretIsToBeSeen() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path log : files.filter(file -> file.toString().endsWith(".log")).toList()) {
                assertThat(log).content().doesNotContain(broker.secrets());
            }
        }
    }

    @AfterAll
    void stop() {
        children.forEach(ChildProcess::kill);
        broker.close();
    }

    @Test
    void everyServiceDoesItsWorkAsTheUserThatItIs() {
        RunLog log = new RunLog(admin, run.run());
        List<TrainingStep> steps = log.numbered(RunTopic.TRAINING_STEPS, TrainingStep.class).stream().map(Entry::value).toList();
        assertThat(steps.get(0).getBatchNumber()).as("trimmed").isBetween(1L, BATCHES / 2L);
        assertThat(steps).extracting(TrainingStep::getBatchNumber).containsExactlyElementsOf(
                LongStream.range(steps.get(0).getBatchNumber(), BATCHES).boxed().toList());
        assertThat(steps).extracting(TrainingStep::getOutcome).isSubsetOf(Outcome.TRAINED, Outcome.REFRESHED);
        assertThat(log.named(RunTopic.SERVICE_STATUS, ServiceStatus.class)).extracting(Entry::key)
                .contains("producer/producer", "trainer/trainer", "evaluator/evaluator", "attacker/attacker-1",
                        "attacker/attacker-2");
        assertThat(log.numbered(RunTopic.DEAD_LETTERS, ImageBatch.class)).isEmpty();
        assertThat(log.numbered(RunTopic.SAMPLES, Sample.class)).isNotEmpty();
        assertThat(children.subList(1, 6)).allSatisfy(child ->
                assertThat(log(child)).doesNotContain(" ERROR ", "uthoriz", "\tat "));
    }

    @Test
    void attackersShareAQueueAsTheUsersThatTheyAre() throws Exception {
        String queued = run.run() + "-queue";
        broker.allow(queued);
        String[] changes = {"--set", "run=" + queued, "--set", "delivery=queue", "--set", "data.batches=8"};
        ChildProcess topics = start("queue-topics", broker.clientFile("operator"), words("topics", "create", changes));
        assertThat(exitCode(topics)).as(() -> log(topics)).isZero();
        List<ChildProcess> services = new ArrayList<>();
        RunProgress progress = new RunProgress(run);
        try (RunMonitor monitor = RunMonitor.start(admin, queued, progress)) {
            for (String service : List.of("producer", "trainer", "attacker")) {
                services.add(start("queue-" + service, broker.clientFile(service),
                        words(service, "--instance=queue-" + service, changes)));
            }
            await().atMost(LIMIT).until(() -> {
                assertThat(services).allSatisfy(child -> assertThat(child.isAlive()).as(() -> log(child)).isTrue());
                return progress.batches() == 8;
            });
        }
        assertThat(new RunLog(admin, queued).numbered(RunTopic.ADVERSARIAL_BATCHES, AdversarialBatch.class))
                .extracting(entry -> entry.value().getAttacker()).containsOnly("queue-attacker");
        services.parallelStream().forEach(ChildProcess::close);
        broker.allow("--allow-principal", "User:unqueued", "--operation", "Read", "--topic", queued + ".",
                "--resource-pattern-type", "prefixed");
        ChildProcess unqueued = start("unqueued", broker.clientFile("unqueued"),
                words("attacker", "--instance=unqueued", changes));
        assertThat(exitCode(unqueued)).isEqualTo(1);
        assertThat(unusual(unqueued)).singleElement().asString().startsWith("sparring: Kafka: cannot read the settings "
                + "of the queue " + queued + ".attacker-queue: ")
                .endsWith("; its user lacks an ACL (docs/security.md lists those of each service)");
    }

    @Test
    void imagesAreSentByTheUsersWhoMay() throws Exception {
        String live = run.run() + "-live";
        broker.allow(live);
        String[] changes = {"--set", "run=" + live, "--set", "data.source=incoming", "--set", "data.batches=8"};
        ChildProcess topics = start("live-topics", broker.clientFile("operator"), words("topics", "create", changes));
        assertThat(exitCode(topics)).as(() -> log(topics)).isZero();
        String secret = "secret-" + UUID.randomUUID();
        Path token = Files.writeString(folder.resolve("token"), secret + "\n");
        ChildProcess producer = start("live-producer", broker.clientFile("producer"),
                words("producer", "--instance=live-producer", Stream.concat(Stream.of(changes),
                        Stream.of("--http-token-file", token.toString(), "--http-host", "0.0.0.0")).toArray(String[]::new)));
        String address = producer.awaitReady(LIMIT).replace("0.0.0.0", "127.0.0.1");
        RunLog log = new RunLog(admin, live);
        await().atMost(LIMIT).until(() -> log.numbered(RunTopic.HELD_OUT_BATCHES, ImageBatch.class).size() == 2);

        Path images = Files.createDirectories(folder.resolve("images"));
        for (int image = 0; image < 64; image++) {
            Path file = Files.createDirectories(images.resolve(Integer.toString(image % 10))).resolve(image + ".png");
            PixelFiles.write(file, 28, new byte[28 * 28]);
        }
        ChildProcess ingest = start("live-ingest", broker.clientFile("ingester"), words("ingest", images.toString(), changes));
        assertThat(exitCode(ingest)).as(() -> log(ingest)).isZero();
        HttpRequest.Builder post = HttpRequest.newBuilder(URI.create("http://" + address + "/images"))
                .header("Content-Type", "image/png").header("Sparring-Labels", "3")
                .POST(HttpRequest.BodyPublishers.ofFile(images.resolve("3/3.png")));
        assertThat(HttpClient.newHttpClient().send(post.build(), BodyHandlers.discarding()).statusCode()).isEqualTo(401);
        for (int image = 0; image < 64; image++) {
            HttpResponse<String> answer = HttpClient.newHttpClient().send(
                    post.copy().header("Authorization", "Bearer " + secret).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer::body).isEqualTo(202);
        }
        await().atMost(LIMIT).until(() -> log.numbered(RunTopic.CLEAN_BATCHES, ImageBatch.class).size() == 8);
        // what is part of a batch is deleted
        await().atMost(LIMIT).until(() -> log.numbered(RunTopic.INCOMING_IMAGES, IncomingImage.class).size() < 64);
        assertThat(log(producer)).doesNotContain(secret, "cannot trim", " ERROR ");
        producer.close();

        ChildProcess stranger = start("live-stranger", broker.clientFile("dashboard"), words("ingest", images.toString(), changes));
        assertThat(exitCode(stranger)).isEqualTo(1);
        // who may write to no topic at all is not told of one: the broker gives such a user no producer id
        assertThat(unusual(stranger)).singleElement().asString().contains("uthoriz", "its user lacks an ACL");
    }

    private static String[] words(String first, String second, String... more) {
        return Stream.concat(Stream.of(first, second), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void theDashboardReadsAsTheUserThatItIs() throws Exception {
        ChildProcess dashboard = start("dashboard", broker.clientFile("dashboard"), "dashboard", "--port", "0");
        HttpRequest ready = HttpRequest.newBuilder(URI.create(dashboard.awaitReady(LIMIT) + "health/ready")).build();
        await().atMost(LIMIT).until(() -> HttpClient.newHttpClient().send(ready, BodyHandlers.discarding()).statusCode() == 200);
        assertThat(dashboard.stop(LIMIT)).isTrue();
    }

    @Test
    void aDashboardWithoutAnAclEnds() throws Exception {
        ChildProcess dashboard = start("no-dashboard", broker.clientFile("stranger"), "dashboard", "--port", "0");
        assertThat(exitCode(dashboard)).isEqualTo(1);
        assertThat(unusual(dashboard)).singleElement().asString().startsWith("sparring: ").contains("uthoriz");
    }

    @Test
    void aWrongPasswordIsOneError() throws Exception {
        Path file = broker.clientFile("trainer", "secret-but-wrong", folder.resolve("authority.pem"));

        ChildProcess trainer = start("wrong-password", file, "trainer");

        assertThat(exitCode(trainer)).isEqualTo(1);
        assertThat(Files.readString(trainer.log())).doesNotContain("secret-but-wrong");
        assertThat(unusual(trainer)).containsExactly("sparring: Kafka: Authentication failed during authentication due to "
                + "invalid credentials with SASL mechanism SCRAM-SHA-512; see sasl.mechanism and the user and password in "
                + "sasl.jaas.config");
    }

    @Test
    void aBrokerWhoseCertificateNobodyTrustedHasSignedIsOneError() throws Exception {
        Path file = broker.clientFile("trainer", "unused", SecureBroker.otherAuthority(folder.resolve("other")));

        ChildProcess trainer = start("untrusted", file, "trainer");

        assertThat(exitCode(trainer)).isEqualTo(1);
        assertThat(unusual(trainer)).singleElement().asString().startsWith("sparring: Kafka: SSL handshake failed: ")
                .contains("PKIX path", "see ssl.truststore.location");
    }

    @Test
    void withoutAnyAclNoServiceBegins() throws Exception {
        assertRefused("stranger", Map.of(
                "producer", List.of("cannot describe topic " + run.run() + ".clean-batches: Topic authorization failed.",
                        notAuthorized("topics: [" + run.run() + ".runs]")),
                "attacker", List.of(notAuthorized("topics: [" + run.run() + ".runs]")),
                "trainer", List.of(notAuthorized("topics: [" + run.run() + ".leader]"),
                        notAuthorized("topics: [" + run.run() + ".runs]")),
                "evaluator", List.of(notAuthorized("topics: [" + run.run() + ".runs]"))));
    }

    @Test
    void withoutTheRightToPublishNoServiceGoesOn() throws Exception {
        broker.allow("--allow-principal", "User:reader", "--operation", "Read", "--topic", run.run() + ".",
                "--resource-pattern-type", "prefixed");

        assertRefused("reader", Map.of("producer", List.of("Transactional Id authorization failed."),
                "attacker", List.of("Transactional Id authorization failed."),
                "trainer", List.of(notAuthorized("group: " + run.run() + ".trainers")),
                "evaluator", List.of(notAuthorized("group: " + run.run() + ".evaluators"),
                        notAuthorized("group: " + run.run() + ".robustness"))));
    }

    @Test
    void anEvaluatorThatMayNotCountDoesNotTryForEver() throws Exception {
        for (String[] right : List.of(new String[] {"Read", "--topic", run.run() + ".", "--resource-pattern-type", "prefixed"},
                new String[] {"Read", "--group", run.run() + ".", "--resource-pattern-type", "prefixed"},
                new String[] {"Write", "--topic", run.run() + ".evaluations", "--topic", run.run() + ".robustness"})) {
            broker.allow(Stream.concat(Stream.of("--allow-principal", "User:uncounted", "--operation"), Stream.of(right))
                    .toArray(String[]::new));
        }

        assertRefused("uncounted", Map.of("evaluator", List.of("Transactional Id authorization failed.")));
    }

    /**
     * Starts services all at once as a user, and checks that each ends with an error that says one of these, as it happens to
     * ask for one thing or another first, and nothing else.
     */
    private void assertRefused(String user, Map<String, List<String>> errors) throws Exception {
        Map<String, ChildProcess> started = new TreeMap<>();
        for (String service : errors.keySet()) {
            started.put(service, service(service, user + "-" + service, user));
        }
        for (Map.Entry<String, ChildProcess> service : started.entrySet()) {
            assertThat(exitCode(service.getValue())).as(() -> log(service.getValue())).isEqualTo(1);
            assertThat(unusual(service.getValue())).as(service.getKey()).singleElement().isIn(errors.get(service.getKey()).stream()
                    .map(error -> "sparring: Kafka: " + error
                            + "; its user lacks an ACL (docs/security.md lists those of each service)").toList());
        }
    }

    private static String notAuthorized(String what) {
        return "Not authorized to access " + what;
    }

    private ChildProcess service(String service, String instance, String user) throws IOException {
        return start(instance, broker.clientFile(user), service, "--instance", instance);
    }

    private ChildProcess start(String name, Path kafka, String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of("--run", folder.resolve("run.yaml").toString(), "--kafka-config", kafka.toString()));
        ChildProcess child = ChildProcess.start(ChildCommand.sparring(name, folder.resolve(name + ".log"),
                words.toArray(String[]::new)).withEnvironment("SPARRING_THREADS", "1").withJvmOptions("-Djava.io.tmpdir=" + folder, "-Xmx512m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        children.add(child);
        return child;
    }

    private static int exitCode(ChildProcess child) throws Exception {
        return child.exitCode().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static List<String> unusual(ChildProcess child) throws IOException {
        return Files.readAllLines(child.log()).stream().filter(line -> !line.matches(USUAL)).toList();
    }

    private static String log(ChildProcess child) {
        try {
            return Files.readString(child.log());
        } catch (IOException e) {
            return e.toString();
        }
    }
}

package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparring.learning.EventFolder;
import io.sparring.learning.EventFolder.Point;
import io.sparring.pipeline.DeadLetters;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.schemas.Chunks;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WeightsPart;
import io.sparring.schemas.WireFormat;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands that look at a cluster, on a run whose records are made. */
class OperationsIT {

    @RegisterExtension
    static final SharedBroker BROKER = new SharedBroker();

    private final RunSpecification run = RunFile.read(null, Map.of(), Map.of("run", "operations-" + UUID.randomUUID(),
            "partitions", "2", "data.batches", "40", "publishing.interval", "5", "evaluation.every", "5"));
    private final Instant now = Instant.now();
    private KafkaSettings kafka;
    private Path file;

    /** Twelve clean batches, nine crafted, five trained on and published; a trainer and an attacker, one of them silent. */
    @BeforeEach
    void fill(@TempDir Path folder) throws Exception {
        kafka = KafkaSettings.of(BROKER.bootstrapServers());
        file = folder.resolve("run.yaml");
        Files.writeString(file, RunFile.toYaml(run));
        try (Admin admin = kafka.admin(); Producer<byte[], byte[]> producer = kafka.producer(new ByteArraySerializer())) {
            new RunTopics(admin).create(run, (short) 1);
            for (long number = 0; number < 12; number++) {
                send(producer, RunTopic.CLEAN_BATCHES, (int) (number % 2), number(number), new byte[] {1});
            }
            for (long number = 0; number < 9; number++) {
                send(producer, RunTopic.ADVERSARIAL_BATCHES, (int) (number % 2), number(number), new byte[] {1});
            }
            for (long number = 0; number < 5; number++) {
                send(producer, RunTopic.TRAINING_STEPS, 0, number(number),
                        WireFormat.of(TrainingStep.class).encode(MadeRecords.trained(number, 0, number + 1)));
            }
            for (ProducerRecord<String, byte[]> record : RunRegistry.records(run, new byte[] {1, 2, 3})) {
                send(producer, RunTopic.RUNS, 0, text(record.key()), record.value());
            }
            update(producer, 0, 0, new byte[] {1});
            update(producer, 5, 5, new byte[700_000]);
            report(producer, "clean", 0.8);
            report(producer, run.evaluation().reportName(), 0.6);
            // as by a clock that is fast, so that it is alive however long the test takes
            status(producer, "trainer", "t-1", ServiceState.RUNNING, now.plusSeconds(600));
            status(producer, "attacker", "a-1", ServiceState.RUNNING, now.minusSeconds(3600));
            status(producer, "attacker", "a-2", ServiceState.STOPPED, now.minusSeconds(3600));
            ProducerRecord<byte[], byte[]> letter = DeadLetters.letter(RunTopic.DEAD_LETTERS.of(run.run()), new ConsumerRecord<>(
                    RunTopic.CLEAN_BATCHES.of(run.run()), 1, 3, number(7), new byte[] {1}), number(7), new byte[] {1}, "sha256: wrong");
            producer.send(letter).get();
            admin.alterConsumerGroupOffsets(run.run() + ".attackers", Map.of(
                    new TopicPartition(RunTopic.CLEAN_BATCHES.of(run.run()), 0), new OffsetAndMetadata(5),
                    new TopicPartition(RunTopic.CLEAN_BATCHES.of(run.run()), 1), new OffsetAndMetadata(4))).all().get();
        }
    }

    @Test
    void tellsOfRunsProcessesLagAndModels() throws Exception {
        JsonNode runs = json("runs");
        assertThat(runs.get("runs")).anySatisfy(row -> {
            assertThat(row.get("run").textValue()).isEqualTo(run.run());
            assertThat(row.get("dataset").textValue()).isEqualTo(run.data().name());
            assertThat(row.get("network").textValue()).isEqualTo(run.network().name());
            assertThat(row.get("objective").textValue()).isEqualTo(run.objective().name());
            assertThat(row.get("step").longValue()).isEqualTo(5);
            assertThat(row.get("batches").longValue()).isEqualTo(5);
            assertThat(row.get("of").longValue()).isEqualTo(40);
            assertThat(row.get("services").intValue()).isEqualTo(1);
            assertThat(row.get("state").textValue()).isEqualTo("RUNNING");
        });
        assertThat(execute(0, "runs")).anyMatch(line -> line.startsWith(run.run()) && line.endsWith("RUNNING"));

        JsonNode status = json("status", "--name", run.run());
        assertThat(status.get("staleness").longValue()).isEqualTo(2);
        assertThat(status.get("loss").floatValue()).isEqualTo(1.25f);
        assertThat(status.get("imagesPerSecond").get("trainer").doubleValue()).isEqualTo(100);
        assertThat(status.get("imagesPerSecond").has("attacker")).as("the rate of a silent one").isFalse();
        assertThat(status.get("processes").findValuesAsText("state")).containsExactly("SILENT", "RUNNING");
        assertThat(json("status", "--run", file.toString(), "--all").get("processes").findValuesAsText("state"))
                .containsExactly("SILENT", "STOPPED", "RUNNING");
        List<String> lines = execute(0, "status", "--name", run.run());
        assertThat(lines.get(0)).isEqualTo("run " + run.run() + ": RUNNING, update 0/5, 5 of 40 batches, staleness 2, loss 1.250");
        assertThat(lines).hasSize(4).anyMatch(line -> line.matches("attacker +a-1 +SILENT +0 .* 6\\d min ago .*"));

        JsonNode lag = json("lag", "--name", run.run());
        assertThat(lag.get("nextBatch").longValue()).isEqualTo(5);
        assertThat(lag.get("attackers").longValue()).isEqualTo(3);
        assertThat(lag.get("trainer").longValue()).isEqualTo(4);
        assertThat(lag.get("partitions").findValuesAsText("offset")).containsExactly("5", "4");
        assertThat(lag.get("partitions").findValuesAsText("attackers")).containsExactly("1", "2");
        assertThat(lag.get("partitions").findValuesAsText("trainer")).containsExactly("2", "2");
        assertThat(execute(0, "lag", "--name", run.run())).hasSize(5).last().asString().startsWith("all").endsWith("4");

        JsonNode models = json("models", "--name", run.run()).get("models");
        assertThat(models.findValuesAsText("step")).containsExactly("0", "5");
        assertThat(models.get(1).get("bytes").longValue()).isEqualTo(700_000);
        assertThat(models.get(1).get("accuracy").get("clean").doubleValue()).isEqualTo(0.8);
        assertThat(models.get(1).get("checkpoint").booleanValue()).isFalse();
        assertThat(json("models", "--name", run.run(), "--limit", "1").get("models").findValuesAsText("step")).containsExactly("5");
        assertThat(execute(0, "models", "--name", run.run())).last().asString().startsWith("0/5").contains("700", "80.0 %", "60.0 %");
    }

    @Test
    void followsATopic() throws Exception {
        assertThat(execute(0, "tail", "training-steps", "--name", run.run(), "-n", "2", "--no-follow"))
                .satisfiesExactly(line -> assertThat(line).contains("  3  batchNumber=3 "),
                        line -> assertThat(line).contains("  4  batchNumber=4 ", "outcome=TRAINED"));
        assertThat(execute(0, "tail", "dead-letters", "--name", run.run(), "--no-follow")).singleElement().asString()
                .contains("reason=sha256: wrong");
        assertThat(execute(0, "tail", "clean-batches", "--name", run.run(), "--no-follow", "-n", "3")).hasSize(3)
                .allMatch(line -> line.contains("not a readable record"));
        List<String> updates = execute(0, "tail", "model-updates", "--name", run.run(), "--no-follow", "--json");
        assertThat(new ObjectMapper().readTree(updates.get(1)).get("value").get("bytes").get("bytes").intValue()).isEqualTo(524_288);
        assertThat(execute(1, "tail", "losses", "--name", run.run())).singleElement().asString()
                .contains("METRIC: 'losses' is not allowed; allowed: clean-batches, ");

        StringWriter out = new StringWriter();
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        Thread tail = new Thread(() -> ended.complete(commandLine(out).execute("tail", "robustness", "--name", run.run(), "--json",
                "--bootstrap-servers", BROKER.bootstrapServers())), "tail");
        tail.start();
        try (Producer<byte[], byte[]> producer = kafka.producer(new ByteArraySerializer())) {
            await().until(() -> out.toString().lines().count() == 2);
            report(producer, "pgd-100", 0.5);
            await().until(() -> out.toString().lines().count() == 3);
        } finally {
            tail.interrupt();
        }
        assertThat(ended.get()).isZero();
        assertThat(new ObjectMapper().readTree(out.toString().lines().toList().get(2)).get("value").get("attack").textValue())
                .isEqualTo("pgd-100");
    }

    @Test
    void writesCurvesForTensorBoard(@TempDir Path logs) throws Exception {
        Path curves = logs.resolve(run.run() + "-0");
        for (int time = 0; time < 2; time++) {
            execute(0, "tensorboard", "--name", run.run(), "--out", logs.toString(), "--no-follow");
            List<Point> points = EventFolder.read(curves);
            assertThat(points).filteredOn(point -> point.tag().equals("training/loss")).extracting(Point::step)
                    .containsExactly(1L, 2L, 3L, 4L, 5L);
            assertThat(points).contains(new Point("training/loss", 5, 1.25f, Instant.EPOCH),
                    new Point("training/staleness", 5, 2, Instant.EPOCH), new Point("accuracy_held-out/clean", 5, 0.8f, Instant.EPOCH));
        }
        try (Producer<byte[], byte[]> producer = kafka.producer(new ByteArraySerializer())) {
            report(producer, "pgd-100", 0.5);
            send(producer, RunTopic.TRAINING_STEPS, 0, number(5),
                    WireFormat.of(TrainingStep.class).encode(MadeRecords.trained(5, 1, 3)));
        }
        execute(0, "tensorboard", "--name", run.run(), "--out", logs.toString(), "--no-follow");
        assertThat(EventFolder.read(curves)).contains(new Point("accuracy_held-out/pgd-100", 5, 0.5f, Instant.EPOCH))
                .doesNotHaveDuplicates();
        assertThat(EventFolder.read(logs.resolve(run.run() + "-1"))).extracting(Point::step).containsOnly(3L);
    }

    @Test
    void reportsARun(@TempDir Path pages) throws Exception {
        Path page = pages.resolve("report.html");
        assertThat(execute(0, "report", "--run", file.toString(), "--output", page.toString(), "--images", "0")).singleElement().asString()
                .matches("wrote .*report.html \\(\\d+ kB\\)");
        assertThat(Files.readString(page)).contains("<title>" + run.run() + ": report of a Sparring run</title>", "80.0 % <small>",
                "60.0 % <small>", "The topic samples is empty", "None were computed: --images was 0.");
        assertThat(pages).isDirectoryContaining("glob:**/report.html").isDirectoryNotContaining("glob:**.part");
        // its weights are none that the program could take, but their bytes are those it keeps
        assertThat(execute(1, "report", "--name", run.run(), "--output", page.toString(), "--update", "0/7")).singleElement().asString()
                .contains("--update: '0/7' is not allowed; allowed: an update that run " + run.run() + " keeps");
        assertThat(execute(1, "report", "--name", "nobody", "--output", page.toString())).singleElement().asString()
                .contains("run nobody has no topics on ", run.run());
        RunSpecification other = RunFile.read(null, Map.of(), Map.of("run", "unbegun-" + UUID.randomUUID(), "partitions", "2"));
        try (Admin admin = kafka.admin()) {
            new RunTopics(admin).create(other, (short) 1);
            assertThat(execute(1, "report", "--name", other.run(), "--output", page.toString())).singleElement().asString()
                    .isEqualTo("sparring: run " + other.run() + " has no training steps yet; its trainer sees to that");
            new RunTopics(admin).delete(other.run());
        }
    }

    @Test
    void listsDescribesAndDeletesTopics() throws Exception {
        JsonNode topics = json("topics", "list", "--name", run.run()).get("topics");
        assertThat(topics.findValuesAsText("topic")).containsExactlyInAnyOrderElementsOf(RunTopic.all(run.run()));
        assertThat(execute(0, "topics", "list")).anyMatch(line -> line.startsWith(run.run() + ".clean-batches ")
                && line.matches(".* 2 +1 +12 .* until trimmed"));
        int count = RunTopic.values().length;
        JsonNode clean = json("topics", "describe", "--name", run.run(), "--topic", "clean-batches").get("topics").get(0);
        assertThat(clean.get("partitions").findValuesAsText("endOffset")).containsExactly("6", "6");
        assertThat(clean.get("bytes").longValue()).isPositive();
        assertThat(clean.get("configuration").get("max.message.bytes").textValue()).isEqualTo("8388608");
        int partitions = Arrays.stream(RunTopic.values()).mapToInt(topic -> topic.partitions(run.partitions())).sum();
        assertThat(execute(0, "topics", "describe", "--name", run.run())).as("two lines and one for each partition")
                .hasSize(2 * count + partitions);

        assertThat(execute(1, "topics", "delete", "--name", run.run(), "--yes")).singleElement().asString()
                .contains("is worked on by trainer/t-1; `sparring stop` ends them");
        assertThat(execute(1, "topics", "delete", "--name", run.run(), "--force")).singleElement().asString()
                .contains("nothing is deleted").contains("--yes");
        assertThat(json("topics", "list", "--name", run.run()).get("topics")).hasSize(count);
        assertThat(execute(0, "topics", "delete", "--name", run.run(), "--yes", "--force")).singleElement().asString()
                .isEqualTo("deleted the " + count + " topics of run " + run.run());
        await().until(() -> execute(1, "status", "--name", run.run()).get(0).contains("has no topics"));
        assertThat(json("runs").get("runs").findValuesAsText("run")).doesNotContain(run.run());
    }

    private JsonNode json(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--json");
        return new ObjectMapper().readTree(String.join("\n", execute(0, all.toArray(String[]::new))));
    }

    private List<String> execute(int exitCode, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--bootstrap-servers", BROKER.bootstrapServers()));
        StringWriter out = new StringWriter();
        assertThat(commandLine(out).execute(all.toArray(String[]::new))).as(out::toString).isEqualTo(exitCode);
        return out.toString().lines().toList();
    }

    private static CommandLine commandLine(StringWriter out) {
        return Sparring.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
    }

    private void update(Producer<byte[], byte[]> producer, long step, long nextBatch, byte[] weights) throws Exception {
        Chunks chunks = Chunks.of(weights);
        for (int i = 0; i < chunks.pieces().size(); i++) {
            send(producer, RunTopic.MODEL_UPDATES, 0, text("0/" + step), WireFormat.of(ModelUpdate.class).encode(new ModelUpdate(0,
                    step, nextBatch, nextBatch, WeightsPart.WEIGHTS, true, "0".repeat(64), chunks.sha256(), i, chunks.pieces().size(),
                    chunks.pieces().get(i), now)));
        }
    }

    private void report(Producer<byte[], byte[]> producer, String attack, double accuracy) throws Exception {
        send(producer, RunTopic.ROBUSTNESS, 0, text(attack),
                WireFormat.of(Robustness.class).encode(MadeRecords.complete(0, 5, attack, accuracy)));
    }

    private void status(Producer<byte[], byte[]> producer, String service, String instance, ServiceState state, Instant at)
            throws Exception {
        send(producer, RunTopic.SERVICE_STATUS, 0, text(service + "/" + instance), WireFormat.of(ServiceStatus.class).encode(
                new ServiceStatus(service, instance, state, "127.0.0.1:1", 3L, 100.0, 2L, 0, 5L, at)));
    }

    private void send(Producer<byte[], byte[]> producer, RunTopic topic, int partition, byte[] key, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(topic.of(run.run()), partition, key, value)).get();
    }

    private static byte[] number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparring.evaluator.EvaluatorService;
import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.ExportedModel;
import io.sparring.learning.InitialWeights;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.ModelProgramBuilder;
import io.sparring.learning.PixelPerturbation;
import io.sparring.learning.ProgramSpecification;
import io.sparring.learning.SafeTensors;
import io.sparring.learning.Tensors;
import io.sparring.pipeline.Champions;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.producer.Augmentation;
import io.sparring.producer.Batch;
import io.sparring.producer.BatchSequence;
import io.sparring.producer.DataSet;
import io.sparring.producer.HeldOutBatches;
import io.sparring.producer.ProducerService;
import io.sparring.schemas.Champion;
import io.sparring.schemas.Chunks;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WeightsPart;
import io.sparring.schemas.WireFormat;
import io.sparring.trainer.RunProgram;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Exports of a run whose updates the test publishes: a good one between two untrained ones, as a real evaluator sees them. */
class ExportIT {

    @RegisterExtension
    static final SharedBroker BROKER = new SharedBroker();

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int HELD_OUT = 200;
    private static final String GATE = "clean >= 60 % and pgd2 >= 0";

    @TempDir
    Path folder;

    private final RunSpecification run = RunFile.read(null, Map.of(), Map.ofEntries(
            Map.entry("run", "export-" + UUID.randomUUID()), Map.entry("partitions", "2"),
            Map.entry("data.name", MadeDataSet.NAME), Map.entry("data.batchSize", "32"), Map.entry("data.batches", "40"),
            Map.entry("data.heldOutImages", "" + HELD_OUT), Map.entry("data.heldOutBatchSize", "96"),
            Map.entry("network.width", "8"), Map.entry("network.hidden", "32"), Map.entry("network.mean", "[0.4]"),
            Map.entry("network.deviation", "[0.12]"), Map.entry("evaluation.steps", "2"), Map.entry("evaluation.every", "20"),
            Map.entry("publishing.interval", "20"), Map.entry("staleness.atMost", "19")));
    private final ExecutionSettings execution = new ExecutionSettings(1, 1);
    private KafkaSettings kafka;
    private ProgramSpecification specification;
    private byte[] program;

    @Test
    void keepsTheNewestGoodUpdateWhereItIsLookedFor() throws Exception {
        kafka = KafkaSettings.of(BROKER.bootstrapServers());
        MadeDataSet made = MadeDataSet.write(folder, 1, 2_000, HELD_OUT);
        DataSet data = made.load(MadeDataSet.NAME);
        specification = RunProgram.specification(run, ExportMeasurement.geometry(data.training()));
        program = ModelProgramBuilder.build(specification);
        Files.writeString(folder.resolve("run.yaml"), RunFile.toYaml(run));
        try (Admin admin = kafka.admin()) {
            new RunTopics(admin).create(run, (short) 1);
        }
        Path model = folder.resolve("model");
        try (ServiceHosts services = new ServiceHosts(kafka, run.run())) {
            Tensors trained = trained(data);
            send(RunRegistry.records(run, program));
            services.start(new ProducerService(run, kafka, made, Clock.systemUTC()), "producer");
            services.start(new EvaluatorService(run, kafka, execution, Clock.systemUTC()), "evaluator");
            publish(0, untrained(1));
            assertThat(awaitReport(0, "clean")).isLessThan(0.6);
            awaitReport(0, "pgd-2");
            assertThat(export("--out", model.toString(), "--gate", GATE)).isEqualTo(new Ended(1, "",
                    "sparring: no update of run " + run.run() + " was exported: none passes " + GATE));
            assertThat(export("--out", model.toString(), "--gate", "pgd50 > 0.5").error())
                    .endsWith("'pgd50' is not reported by the run; allowed: clean, pgd-2");
            assertThat(model).doesNotExist();

            CompletableFuture<Ended> follower = CompletableFuture.supplyAsync(() -> export("--out", model.toString(), "--gate",
                    GATE, "--follow", "--json", folder.resolve("export.json").toString()));
            publish(20, trained);
            await().atMost(LIMIT).until(() -> follower.isDone() || Files.exists(model));
            follows(model, data);
            publish(40, untrained(2));
            Ended ended = follower.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(ended.error()).isEmpty();
            assertThat(ended.exitCode()).isZero();
            assertThat(ended.out()).startsWith("exported update 0/20 to " + model + ": clean ").contains(", pgd-2 ");
            assertThat(awaitReport(40, "clean")).as("so the update is judged").isLessThan(0.6);
            follows(model, data);
            JsonNode json = new ObjectMapper().readTree(folder.resolve("export.json").toFile());
            assertThat(json.get("export").textValue()).isEqualTo(model.toString());
            assertThat(json.get("model").get("step").longValue()).isEqualTo(20);
        }
        exportsOnceWhatIsAskedFor();
        isEvaluatedAlike(data, folder.resolve("good"));
        leavesANewerChampionAlone(model);
    }

    private void follows(Path model, DataSet data) throws IOException {
        ModelDescription description = ModelDescription.read(model).orElseThrow();
        assertThat(description.step()).isEqualTo(20);
        assertThat(description.inputShape()).containsExactly(8, 8, 1);
        assertThat(description.gate()).isEqualTo(GATE);
        assertThat(accuracy(model, data)).isCloseTo(description.accuracies().get("clean"), within(0.005))
                .isCloseTo(awaitReport(20, "clean"), within(0.005)).isGreaterThan(0.6);
        await().atMost(LIMIT).until(() -> Champions.read(kafka, run.run()).isPresent());
        Champion champion = Champions.read(kafka, run.run()).orElseThrow();
        assertThat(Champions.identity(champion)).isEqualTo(new UpdateIdentity(0, 20));
        assertThat(champion.getWeightsSha256()).isEqualTo(description.weightsSha256());
        assertThat(champion.getAccuracies()).isEqualTo(description.accuracies());
    }

    private void exportsOnceWhatIsAskedFor() throws IOException {
        Path newest = folder.resolve("newest");
        assertThat(export("--out", newest.toString()).exitCode()).isZero();
        assertThat(newest).isDirectoryContaining("glob:**/saved_model.pb").isDirectoryContaining("glob:**/weights.safetensors");
        assertThat(ModelDescription.read(newest).orElseThrow().step()).isEqualTo(40);
        assertThat(export("--out", newest.toString()).error()).contains("--out: ").contains("not there yet");

        Path first = folder.resolve("first");
        assertThat(export("--out", first.toString(), "--step", "0").exitCode()).isZero();
        assertThat(SafeTensors.decode(Files.readAllBytes(first.resolve(ExportedModel.WEIGHTS))).values("hidden/bias"))
                .isEqualTo(untrained(1).values("hidden/bias"));
        assertThat(export("--out", folder.resolve("none").toString(), "--step", "7").error())
                .endsWith("keeps: 0, 20, 40");
        assertThat(Champions.read(kafka, run.run()).orElseThrow().getStep()).as("no gate, no champion").isEqualTo(20);

        Path good = folder.resolve("good");
        Ended gated = export("--out", good.toString(), "--gate", GATE);
        assertThat(gated.exitCode()).isZero();
        assertThat(gated.out()).contains("champion stays");
        assertThat(ModelDescription.read(good).orElseThrow().step()).isEqualTo(20);
    }

    /** Outside the run, from its topic and from the folder. */
    private void isEvaluatedAlike(DataSet data, Path good) throws IOException {
        Path images = folder.resolve("images");
        for (int i = 0; i < HELD_OUT; i++) {
            for (String split : i < MadeDataSet.CLASSES ? List.of("test", "train") : List.of("test")) {
                int label = split.equals("train") ? i : data.heldOut().labels()[i];
                Path file = images.resolve(split + "/" + label + "/" + i + ".png");
                Files.createDirectories(file.getParent());
                PixelFiles.write(file, 8, Arrays.copyOfRange(data.heldOut().pixels(), i * 64, (i + 1) * 64));
            }
        }
        JsonNode ofRun = evaluate(images, "--run", folder.resolve("run.yaml").toString(), "--bootstrap-servers",
                BROKER.bootstrapServers(), "--update", "0/20");
        assertThat(ofRun.get("clean").doubleValue()).isCloseTo(accuracy(good, data), within(1e-9));
        assertThat(ofRun.get("pgd5").doubleValue()).isLessThan(ofRun.get("clean").doubleValue());
        assertThat(ofRun.at("/model/step").longValue()).isEqualTo(20);
        JsonNode ofFolder = evaluate(images, "--model", good.toString());
        assertThat(ofFolder.get("clean")).isEqualTo(ofRun.get("clean"));
        assertThat(ofFolder.get("pgd5")).isEqualTo(ofRun.get("pgd5"));
    }

    private JsonNode evaluate(Path images, String... model) throws IOException {
        List<String> words = new ArrayList<>(List.of("evaluate", "--dataset", "image-folder", "--data", images.toString(),
                "--suite", "pgd5", "--epsilon", "0.05", "--state", folder.resolve("evaluation").toString(), "--fresh", "--json",
                folder.resolve("evaluation.json").toString()));
        words.addAll(List.of(model));
        StringWriter error = new StringWriter();
        assertThat(Sparring.commandLine().setOut(new PrintWriter(new StringWriter())).setErr(new PrintWriter(error))
                .execute(words.toArray(String[]::new))).as("%s", error).isZero();
        return new ObjectMapper().readTree(folder.resolve("evaluation.json").toFile());
    }

    private void leavesANewerChampionAlone(Path model) throws IOException {
        Path before = Files.readSymbolicLink(model);
        assertThat(export("--out", model.toString(), "--gate", GATE, "--follow").exitCode()).as("started again").isZero();
        assertThat(Files.readSymbolicLink(model)).isEqualTo(before);

        Champion newer = new Champion(0, 40L, "b".repeat(64), "", Map.of(), Instant.EPOCH);
        assertThat(Champions.offer(kafka, run.run(), newer)).isTrue();
        assertThat(export("--out", model.toString(), "--gate", GATE, "--follow").error())
                .endsWith("none passes " + GATE + " and is as new as the champion");
        assertThat(Champions.read(kafka, run.run())).contains(newer);
        assertThat(Files.readSymbolicLink(model)).isEqualTo(before);
    }

    private record Ended(int exitCode, String out, String error) {
    }

    private Ended export(String... options) {
        StringWriter out = new StringWriter();
        StringWriter error = new StringWriter();
        List<String> words = new ArrayList<>(List.of("export", "--run", folder.resolve("run.yaml").toString(),
                "--bootstrap-servers", BROKER.bootstrapServers()));
        words.addAll(List.of(options));
        int exitCode = Sparring.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(error))
                .execute(words.toArray(String[]::new));
        return new Ended(exitCode, out.toString().strip(), error.toString().strip());
    }

    private Tensors untrained(long seed) {
        return InitialWeights.draw(specification, seed);
    }

    /** On clean images alone, which is quickly learned. */
    private Tensors trained(DataSet data) {
        BatchSequence batches = new BatchSequence(data.training(), 1, run.data().batchSize(), new Augmentation(0, false));
        try (ModelProgram learner = ModelProgram.load(program, execution)) {
            learner.assign(untrained(1));
            for (int i = 0; i < 300; i++) {
                Batch batch = batches.batch(i);
                float[] images = PixelPerturbation.images(batch.pixels());
                learner.train(images, images, batch.labels(), 0.01f, 0);
            }
            Batch heldOut = new HeldOutBatches(data.heldOut(), HELD_OUT, HELD_OUT).batch(0);
            assertThat(accuracy(learner.predict(PixelPerturbation.images(heldOut.pixels()), HELD_OUT), heldOut))
                    .as("or no update would ever pass the gate").isGreaterThan(0.7);
            return learner.weights();
        }
    }

    private double accuracy(Path model, DataSet data) {
        HeldOutBatches batches = new HeldOutBatches(data.heldOut(), HELD_OUT, HELD_OUT);
        Batch all = batches.batch(0);
        try (ExportedModel exported = ExportedModel.load(model, execution)) {
            return accuracy(exported.predict(PixelPerturbation.images(all.pixels()), HELD_OUT), all);
        }
    }

    private static double accuracy(float[][] logits, Batch batch) {
        int correct = 0;
        for (int i = 0; i < HELD_OUT; i++) {
            correct += largest(logits[i]) == batch.labels()[i] ? 1 : 0;
        }
        return (double) correct / HELD_OUT;
    }

    private static int largest(float[] logits) {
        int largest = 0;
        for (int k = 1; k < logits.length; k++) {
            largest = logits[k] > logits[largest] ? k : largest;
        }
        return largest;
    }

    private double awaitReport(long step, String attack) {
        RunLog log = new RunLog(BROKER.bootstrapServers(), run.run());
        return await().atMost(LIMIT).until(() -> log.named(RunTopic.ROBUSTNESS, Robustness.class).stream()
                .map(RunLog.Entry::value).filter(report -> report.getStep() == step && report.getAttack().equals(attack)
                        && report.getStatus() == ReportStatus.COMPLETE)
                .findFirst(), Optional::isPresent).orElseThrow().getAccuracy();
    }

    private void publish(long step, Tensors weights) {
        Chunks chunks = Chunks.of(SafeTensors.encode(weights, Map.of()));
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        for (int i = 0; i < chunks.pieces().size(); i++) {
            records.add(new ProducerRecord<>(RunTopic.MODEL_UPDATES.of(run.run()), 0, new UpdateIdentity(0, step).key(),
                    WireFormat.of(ModelUpdate.class).encode(new ModelUpdate(0, step, step, step, WeightsPart.WEIGHTS, true,
                            Sha256.of(program), chunks.sha256(), i, chunks.pieces().size(), chunks.pieces().get(i),
                            Instant.EPOCH))));
        }
        send(records);
    }

    private void send(List<ProducerRecord<String, byte[]>> records) {
        try (Producer<String, byte[]> producer = kafka.producer(new StringSerializer())) {
            records.forEach(producer::send);
        }
    }
}

package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparring.attacker.AttackerService;
import io.sparring.cli.RunLog.Entry;
import io.sparring.evaluator.EvaluatorService;
import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.ModelProgramBuilder;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.ProgramPin;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.pipeline.Service;
import io.sparring.producer.ProducerService;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.TrainingStep;
import io.sparring.trainer.Beginning;
import io.sparring.trainer.RunProgram;
import io.sparring.trainer.TrainerService;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A run of a model program that was made elsewhere, from the first image to the exported model. */
class GivenProgramIT {

    @RegisterExtension
    static final SharedBroker BROKER = new SharedBroker();

    private static final int BATCHES = 40;
    private static final int HELD_OUT = 48;
    private static final ExecutionSettings EXECUTION = new ExecutionSettings(1, 1);

    @TempDir
    private Path folder;

    private final Clock clock = Clock.systemUTC();
    private final KafkaSettings kafka = KafkaSettings.of(BROKER.bootstrapServers());
    private final RunSpecification run = run("pgd-at");

    @Test
    void aProgramMadeElsewhereIsTrainedMeasuredAndExported() throws Exception {
        MadeDataSet data = MadeDataSet.write(folder, 1, 640, HELD_OUT);
        Path program = LinearProgram.write(folder.resolve("saved_model.pb"));
        Path weights = LinearProgram.writeWeights(folder.resolve("weights.safetensors"));
        topics(run);
        RunProgress progress = new RunProgress(run);
        try (ServiceHosts services = new ServiceHosts(kafka, run.run());
                RunMonitor monitor = RunMonitor.start(kafka, run.run(), progress)) {
            services.start(new ProducerService(run, kafka, data, clock), "producer");
            services.start(new AttackerService(run, kafka, EXECUTION, clock, Duration.ofMinutes(5)), "attacker");
            services.start(trainer(run, program, weights), "trainer");
            services.start(new EvaluatorService(run, kafka, EXECUTION, clock), "evaluator");
            services.awaitThat(() -> progress.batches() == BATCHES && progress.newestIsMeasured());
        }
        RunLog log = new RunLog(BROKER.bootstrapServers(), run.run());
        List<TrainingStep> steps = log.numbered(RunTopic.TRAINING_STEPS, TrainingStep.class).stream().map(Entry::value).toList();
        assertThat(steps).extracting(TrainingStep::getBatchNumber)
                .containsExactlyElementsOf(LongStream.range(0, BATCHES).boxed().toList());
        assertThat(steps).extracting(TrainingStep::getOutcome).containsOnly(Outcome.TRAINED);
        assertThat(loss(steps.subList(0, 1))).as("of weights that are zeros").isCloseTo(Math.log(4), within(1e-5));
        assertThat(loss(steps.subList(BATCHES - 10, BATCHES))).isLessThan(0.85 * Math.log(4));
        assertThat(RunRegistry.read(kafka, run.run()).orElseThrow().program()).isEqualTo(Files.readAllBytes(program));
        double clean = accuracy(log, "clean");
        assertThat(clean).as("on 4 classes").isGreaterThan(0.5);
        assertThat(accuracy(log, "pgd-3")).isLessThanOrEqualTo(clean);
        exported(data, clean);

        Path other = Files.write(folder.resolve("other.pb"), built(run));
        try (ServiceHosts services = new ServiceHosts(kafka, run.run())) {
            assertThatThrownBy(() -> services.start(trainer(run, other, weights), "other").ended().get(2, TimeUnit.MINUTES))
                    .hasRootCauseInstanceOf(IllegalArgumentException.class).hasRootCauseMessage("--program " + other
                            + ": its SHA-256 is " + Sha256.of(Files.readAllBytes(other)) + "; allowed: that of the program that "
                            + "the run has published, " + Sha256.of(Files.readAllBytes(program)));
        }
    }

    @Test
    void whatTheRunCannotBeTrainedWithIsRefusedBeforeItIsPublished() throws Exception {
        MadeDataSet data = MadeDataSet.write(folder, 1, 640, HELD_OUT);
        Path program = LinearProgram.write(folder.resolve("saved_model.pb"));
        Path weights = LinearProgram.writeWeights(folder.resolve("weights.safetensors"));
        RunSpecification consistency = run("consistency");
        topics(consistency);
        try (ServiceHosts services = new ServiceHosts(kafka, consistency.run())) {
            services.start(new ProducerService(consistency, kafka, data, clock), "producer");
            assertThatThrownBy(() -> services.start(trainer(consistency, program, weights), "trainer").ended()
                    .get(2, TimeUnit.MINUTES)).cause().hasMessage("--program " + program
                            + ": views of an image: '1' is not allowed; allowed: 2, as objective.name consistency has it");
        }
        assertThat(RunRegistry.read(kafka, consistency.run())).isEmpty();
    }

    @Test
    void aServiceThatIsToLoadAnotherProgramEndsAndNamesBothDigests() throws Exception {
        MadeDataSet data = MadeDataSet.write(folder, 1, 640, HELD_OUT);
        topics(run);
        ProgramPin pin = new ProgramPin(Optional.of("0".repeat(64)));
        String message = "--program-sha256: the run's model program has the SHA-256 " + Sha256.of(built(run)) + "; allowed: "
                + "0".repeat(64);
        try (ServiceHosts services = new ServiceHosts(kafka, run.run())) {
            services.start(new ProducerService(run, kafka, data, clock), "producer");
            assertThatThrownBy(() -> services.start(new TrainerService(run, kafka, EXECUTION,
                    new Beginning(Optional.empty(), Optional.empty(), pin), clock), "pinned").ended().get(2, TimeUnit.MINUTES))
                    .hasRootCauseMessage(message);
            assertThat(RunRegistry.read(kafka, run.run())).as("nothing is published that is refused").isEmpty();

            services.start(new TrainerService(run, kafka, EXECUTION, new Beginning(Optional.empty(), Optional.empty(),
                    new ProgramPin(Optional.of(Sha256.of(built(run))))), clock), "trainer");
            List<Service> others = List.of(
                    new AttackerService(run, kafka, EXECUTION, pin, clock, Duration.ofMinutes(5)),
                    new EvaluatorService(run, kafka, EXECUTION, pin, clock));
            for (Service other : others) {
                assertThatThrownBy(() -> services.start(other, "other-" + other.name()).ended().get(2, TimeUnit.MINUTES))
                        .hasRootCauseMessage(message);
            }
        }
        Path runFile = Files.writeString(folder.resolve("run.yaml"), RunFile.toYaml(run));
        StringWriter error = new StringWriter();
        assertThat(Sparring.commandLine().setErr(new PrintWriter(error)).execute("export", "--run", runFile.toString(),
                "--bootstrap-servers", BROKER.bootstrapServers(), "--out", folder.resolve("model").toString(),
                "--program-sha256", "0".repeat(64))).isEqualTo(1);
        assertThat(error).hasToString("sparring: " + message + "\n");
        assertThat(folder.resolve("model")).doesNotExist();
    }

    private void exported(MadeDataSet data, double clean) throws Exception {
        Path runFile = Files.writeString(folder.resolve("run.yaml"), RunFile.toYaml(run));
        Path model = folder.resolve("model");
        StringWriter printed = new StringWriter();
        assertThat(Sparring.commandLine().setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed)).execute("export",
                "--run", runFile.toString(), "--bootstrap-servers", BROKER.bootstrapServers(), "--out", model.toString()))
                .as("%s", printed).isZero();
        assertThat(ModelDescription.read(model).orElseThrow().programSha256())
                .isEqualTo(Sha256.of(Files.readAllBytes(folder.resolve("saved_model.pb"))));
        MeasuredVersion measured = ExportMeasurement.of(model, run, Files.readAllBytes(folder.resolve("saved_model.pb")),
                data.load(MadeDataSet.NAME).heldOut(), BATCHES, EXECUTION, () -> false).orElseThrow();
        assertThat(measured.clean()).isCloseTo(clean, within(0.001));
    }

    private TrainerService trainer(RunSpecification of, Path program, Path weights) {
        return new TrainerService(of, kafka, EXECUTION, new Beginning(Optional.of(program), Optional.of(weights)), clock);
    }

    private void topics(RunSpecification of) throws Exception {
        try (Admin admin = kafka.admin()) {
            new RunTopics(admin).create(of, (short) 1);
        }
    }

    private byte[] built(RunSpecification of) throws Exception {
        return ModelProgramBuilder.build(RunProgram.specification(of,
                ExportMeasurement.geometry(new MadeDataSet(folder).load(MadeDataSet.NAME).training())));
    }

    private static double loss(List<TrainingStep> steps) {
        return steps.stream().mapToDouble(TrainingStep::getLoss).average().orElseThrow();
    }

    private static double accuracy(RunLog log, String attack) {
        return log.named(RunTopic.ROBUSTNESS, Robustness.class).stream()
                .filter(entry -> entry.key().equals("0/" + BATCHES + "/" + attack + "/held-out")).map(Entry::value)
                .filter(report -> report.getStatus() == ReportStatus.COMPLETE).findFirst().orElseThrow().getAccuracy();
    }

    private static RunSpecification run(String objective) {
        return RunFile.read(null, Map.of(), Map.ofEntries(Map.entry("run", "given-" + UUID.randomUUID()),
                Map.entry("partitions", "2"), Map.entry("data.name", MadeDataSet.NAME), Map.entry("data.batchSize", "16"),
                Map.entry("data.batches", "" + BATCHES), Map.entry("data.lead", "12"),
                Map.entry("data.heldOutImages", "" + HELD_OUT), Map.entry("data.heldOutBatchSize", "24"),
                Map.entry("objective.name", objective), Map.entry("optimizer.learningRate", "0.03"),
                Map.entry("optimizer.schedule", "constant"),
                Map.entry("attack.epsilon", "0.03"), Map.entry("evaluation.epsilon", "0.03"),
                Map.entry("evaluation.steps", "3"), Map.entry("evaluation.every", "20"), Map.entry("staleness.atMost", "6"),
                // the program has no attack that goes on
                Map.entry("staleness.policy", "train"),
                Map.entry("staleness.craftAfterSeconds", "600")));
    }
}

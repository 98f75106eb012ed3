package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparring.attacker.AttackerService;
import io.sparring.cli.RunLog.Entry;
import io.sparring.learning.ExecutionSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.pipeline.ServiceHost;
import io.sparring.producer.ProducerService;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import io.sparring.trainer.Beginning;
import io.sparring.trainer.TrainerService;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A run whose trainer is stopped and started again in its midst is replayed; then its log is no longer what it was. */
class ReplayIT {

    @RegisterExtension
    static final SharedBroker BROKER = new SharedBroker();

    private static final int BATCHES = 60;
    private static final int UPDATES = BATCHES / 5;

    private final RunSpecification run = RunFile.read(null, Map.of(), Map.ofEntries(
            Map.entry("run", "replay-" + UUID.randomUUID()), Map.entry("partitions", "2"), Map.entry("log", "keep"),
            Map.entry("data.name", MadeDataSet.NAME), Map.entry("data.batchSize", "16"), Map.entry("data.batches", "" + BATCHES),
            Map.entry("data.heldOutImages", "20"), Map.entry("data.heldOutBatchSize", "20"), Map.entry("network.width", "2"),
            Map.entry("network.hidden", "8"), Map.entry("attack.steps", "2"), Map.entry("evaluation.steps", "2"),
            Map.entry("evaluation.every", "" + BATCHES), Map.entry("publishing.checkpointEvery", "2"),
            Map.entry("staleness.craftAfterSeconds", "600")));
    private final StringWriter error = new StringWriter();
    private String bootstrapServers;

    @TempDir
    Path folder;

    @Test
    void findsAllIdenticalAndThenTheOneRecordThatIsNot() throws Exception {
        bootstrapServers = BROKER.bootstrapServers();
        Files.writeString(folder.resolve("run.yaml"), RunFile.toYaml(run));
        train(KafkaSettings.of(bootstrapServers));

        assertThat(replay("--recraft")).as(error::toString).isZero();
        JsonNode result = result();
        assertThat(result.get("updates").asInt()).isEqualTo(UPDATES);
        assertThat(result.get("identical").asInt()).isEqualTo(UPDATES);
        assertThat(result.get("steps").asInt()).isEqualTo(BATCHES);
        assertThat(result.get("recrafted").asInt()).isEqualTo(BATCHES);
        assertThat(result.get("recraftedIdentical").asInt()).isEqualTo(BATCHES);
        assertThat(result.get("firstDifference").isNull()).isTrue();
        assertThat(result.get("platformDifferences")).isEmpty();

        assertThat(replay("--until", "10")).as(error::toString).isZero();
        assertThat(result().get("updates").asInt()).isEqualTo(2);

        assertThat(replay("--program-sha256", "0".repeat(64))).isEqualTo(1);
        assertThat(error.toString()).contains("--program-sha256: the run's model program has the SHA-256 ")
                .contains("allowed: " + "0".repeat(64));

        TrainingStep last = lastStep();
        String digest = last.getWeightsSha256();
        String other = (digest.startsWith("0") ? "1" : "0") + digest.substring(1);
        append(TrainingStep.newBuilder(last).setBatchNumber(BATCHES).setOutcome(Outcome.REFUSED).setWeightsSha256(other).build());
        assertThat(replay()).isEqualTo(1);
        assertThat(error.toString().lines()).singleElement().isEqualTo("sparring: update 0/" + BATCHES + " after batch " + BATCHES
                + ": the weights have the SHA-256 " + digest + ", recorded is " + other);
        assertThat(result().get("identical").asInt()).isEqualTo(UPDATES);
        assertThat(result().get("updates").asInt()).isEqualTo(UPDATES + 1);
    }

    private void train(KafkaSettings kafka) throws Exception {
        try (Admin admin = kafka.admin()) {
            new RunTopics(admin).create(run, (short) 1);
        }
        ExecutionSettings execution = ExecutionSettings.standard();
        Clock clock = Clock.systemUTC();
        RunProgress progress = new RunProgress(run);
        try (RunMonitor monitor = RunMonitor.start(kafka, run.run(), progress);
                ServiceHosts services = new ServiceHosts(kafka, run.run())) {
            services.start(new ProducerService(run, kafka, MadeDataSet.write(folder, 1, 200, 20), clock), "producer");
            services.start(new AttackerService(run, kafka, execution, clock, Duration.ofMinutes(5)), "attacker");
            ServiceHost first = services.start(new TrainerService(run, kafka, execution, Beginning.OF_RUN_FILE, clock), "trainer-1");
            services.awaitThat(() -> progress.batches() >= 15);
            first.close();
            services.start(new TrainerService(run, kafka, execution, Beginning.OF_RUN_FILE, clock), "trainer-2");
            services.awaitThat(() -> progress.batches() == BATCHES);
        }
    }

    private TrainingStep lastStep() {
        List<Entry<Long, TrainingStep>> steps =
                new RunLog(bootstrapServers, run.run()).numbered(RunTopic.TRAINING_STEPS, TrainingStep.class);
        return steps.get(steps.size() - 1).value();
    }

    private void append(TrainingStep step) {
        try (Producer<Long, byte[]> producer = KafkaSettings.of(bootstrapServers).producer(new LongSerializer())) {
            producer.send(new ProducerRecord<>(RunTopic.TRAINING_STEPS.of(run.run()), 0, step.getBatchNumber(),
                    WireFormat.of(TrainingStep.class).encode(step)));
        }
    }

    private JsonNode result() throws Exception {
        return new ObjectMapper().readTree(folder.resolve("result.json").toFile());
    }

    private int replay(String... options) {
        error.getBuffer().setLength(0);
        CommandLine command = Sparring.commandLine().setErr(new PrintWriter(error, true))
                .setOut(new PrintWriter(new StringWriter(), true));
        String[] always = {"replay", "--run", folder.resolve("run.yaml").toString(), "--bootstrap-servers", bootstrapServers,
            "--json", folder.resolve("result.json").toString()};
        return command.execute(Stream.of(always, options).flatMap(Arrays::stream).toArray(String[]::new));
    }
}

package io.sparring.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.cli.LocalBrokerProcess;
import io.sparring.cli.Sparring;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command itself, found by the command line on the class path, with a real broker. */
class MlflowIT {

    private final RunSpecification run = RunFile.read(null, Map.of(), Map.of("run", "logged"));

    @Test
    void logsWhatThereIsAndThenWhatIsNew(@TempDir Path folder) throws Exception {
        try (LocalBrokerProcess broker = LocalBrokerProcess.start(folder, 0); FakeMlflow mlflow = new FakeMlflow()) {
            KafkaSettings kafka = KafkaSettings.of(broker.bootstrapServers());
            try (Admin admin = kafka.admin();
                    Producer<String, byte[]> producer = kafka.producer(new StringSerializer())) {
                new RunTopics(admin).create(run, (short) 1);
                RunRegistry.records(run, new byte[] {1}).forEach(producer::send);
                send(producer, 0, 1);
                producer.flush();
                for (int time = 0; time < 2; time++) {
                    assertThat(execute(0, broker, mlflow)).contains("logged to 1 MLflow runs: run1");
                    assertThat(mlflow.runs()).hasSize(1);
                    assertThat(mlflow.runs().get(0).metrics).filteredOn(metric -> metric.startsWith("training/loss"))
                            .containsExactly("training/loss@1=1.5");
                }
                send(producer, 1, 2);
                producer.flush();
                execute(0, broker, mlflow);
                assertThat(mlflow.runs().get(0).metrics).filteredOn(metric -> metric.startsWith("training/loss"))
                        .containsExactly("training/loss@1=1.5", "training/loss@2=1.5");
                assertThat(mlflow.runs().get(0).parameters).containsEntry("network.name", run.network().name());
                assertThat(mlflow.experiments()).containsOnlyKeys("vision");
            }
            mlflow.close();
            assertThat(execute(1, broker, mlflow)).contains("sparring: MLflow at " + mlflow.uri() + " does not answer");
        }
    }

    private static void send(Producer<String, byte[]> producer, long batch, long step) {
        producer.send(new ProducerRecord<>(RunTopic.TRAINING_STEPS.of("logged"), 0, "", WireFormat.of(TrainingStep.class).encode(
                TrainingStep.newBuilder().setBatchNumber(batch).setIncarnation(0).setStep(step).setOutcome(Outcome.TRAINED)
                        .setRefreshSteps(0).setImages(32).setEpsilon(0.1f).setLearningRate(0.05f).setLoss(1.5f).setCrossEntropy(1)
                        .setPerception(0.25f).setSpecificationVersion(1).setTrainedAt(Instant.EPOCH).build())));
    }

    private static String execute(int code, LocalBrokerProcess broker, FakeMlflow mlflow) {
        StringWriter printed = new StringWriter();
        CommandLine line = Sparring.commandLine().setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed));
        assertThat(line.execute("mlflow", "--name", "logged", "--bootstrap-servers", broker.bootstrapServers(), "--tracking-uri",
                mlflow.uri(), "--experiment", "vision", "--no-follow")).as("%s", printed).isEqualTo(code);
        return printed.toString();
    }
}

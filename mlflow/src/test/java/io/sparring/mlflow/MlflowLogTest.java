package io.sparring.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparring.pipeline.PublishedProgram;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SpecificationVersions;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MlflowLogTest {

    private static final RunSpecification RUN = RunFile.read(null, Map.of(), Map.of("run", "tiny", "data.batches", "4",
            "publishing.interval", "2", "evaluation.every", "2", "staleness.atMost", "3"));
    private static final String ATTACK = RUN.evaluation().reportName();
    private static final String STEPS = RunTopic.TRAINING_STEPS.of("tiny");
    private static final String REPORTS = RunTopic.ROBUSTNESS.of("tiny");

    private FakeMlflow mlflow;
    private MlflowServer server;

    @BeforeEach
    void start() throws IOException {
        mlflow = new FakeMlflow();
        server = new MlflowServer(mlflow.uri(), Map.of());
    }

    @AfterEach
    void stop() {
        mlflow.close();
    }

    @Test
    void aRunIsItsParametersItsCurvesAndWhatItHasComeTo() throws IOException {
        MlflowLog log = log("id");
        for (int batch = 0; batch < 4; batch++) {
            log.add(step(batch, 0, batch + 1));
        }
        log.flush();
        FakeMlflow.Run run = mlflow.runs().get(0);
        assertThat(run.name).isEqualTo("tiny-0");
        assertThat(run.parameters).containsEntry("run", "tiny").containsEntry("data.batches", "4")
                .containsEntry("attack.steps", Integer.toString(RUN.attack().steps())).hasSizeGreaterThan(50);
        assertThat(run.metrics).filteredOn(metric -> metric.startsWith("training/loss@"))
                .containsExactly("training/loss@1=1.25", "training/loss@2=1.25", "training/loss@3=1.25", "training/loss@4=1.25");
        assertThat(run.status).as("the last weights are not measured yet").isEqualTo("RUNNING");

        log.add(report(0, 0, 4, "clean", 0.75, ReportStatus.COMPLETE));
        log.add(report(1, 0, 4, ATTACK, 0.25, ReportStatus.INCOMPLETE));
        log.flush();
        assertThat(run.status).isEqualTo("RUNNING");
        log.add(report(2, 0, 4, ATTACK, 0.5, ReportStatus.COMPLETE));
        log.flush();
        assertThat(run.metrics).endsWith("accuracy_held-out/clean@4=0.75", "accuracy_held-out/" + ATTACK + "@4=0.5");
        assertThat(run.status).isEqualTo("FINISHED");
        assertThat(run.tags.get(MlflowLog.MODEL)).contains("\"step\":4", "\"weightsSha256\":\"sha-4\"", "\"held-out/clean\":0.75",
                "\"held-out/" + ATTACK + "\":0.5");
        assertThat(run.tags).containsEntry("sparring.model.update", "0/4").containsEntry("sparring.run", "tiny");
    }

    @Test
    void whoBeginsAgainLogsNothingTwice() throws IOException {
        for (int batches : List.of(2, 3, 4, 4)) {
            MlflowLog log = log("id");
            for (int batch = 0; batch < batches; batch++) {
                log.add(step(batch, 0, batch + 1));
            }
            log.flush();
        }
        assertThat(mlflow.runs()).hasSize(1);
        assertThat(mlflow.runs().get(0).metrics).hasSize(4 * 7).doesNotHaveDuplicates();
    }

    @Test
    void anotherRunOfTheSameNameAndEachIncarnationIsARunOfItsOwn() throws IOException {
        MlflowLog log = log("id");
        log.add(step(0, 0, 1));
        log.add(step(1, 1, 1));
        log.flush();
        MlflowLog later = log("id of another topic");
        later.add(step(0, 0, 1));
        later.flush();
        assertThat(mlflow.runs()).extracting(run -> run.name).containsExactly("tiny-0", "tiny-1", "tiny-0");
        assertThat(mlflow.runs()).allSatisfy(run -> assertThat(run.metrics).contains("training/loss@1=1.25").hasSize(7));
    }

    @Test
    void whatTheServerDoesNotTakeIsKeptAndLoggedOnceItIsBack() throws IOException {
        MlflowLog log = log("id");
        log.add(step(0, 0, 1));
        mlflow.fail(2);
        for (int time = 0; time < 2; time++) {
            assertThatThrownBy(log::flush).isInstanceOf(IOException.class).hasMessageContaining("503");
        }
        log.add(step(1, 0, 2));
        log.flush();
        assertThat(mlflow.runs().get(0).metrics).hasSize(2 * 7).doesNotHaveDuplicates();
    }

    @Test
    void moreThanTheServerTakesAtOnceGoesInParts() throws IOException {
        MlflowLog log = log("id");
        for (int batch = 0; batch < 400; batch++) {
            log.add(step(batch, 0, batch + 1));
        }
        log.flush();
        assertThat(mlflow.runs().get(0).metrics).hasSize(400 * 7).doesNotHaveDuplicates();
        assertThat(mlflow.runs().get(0).tags).containsEntry(MlflowRun.LOGGED, STEPS + "=399");
    }

    @Test
    void aLossThatIsNotFiniteIsLoggedAsSuch() throws IOException {
        MlflowLog log = log("id");
        TrainingStep step = TrainingStep.newBuilder(made(0, 0, 1)).setLoss(Float.NaN).build();
        log.add(new ConsumerRecord<>(STEPS, 0, 0, new byte[8], WireFormat.of(TrainingStep.class).encode(step)));
        log.flush();
        assertThat(mlflow.runs().get(0).metrics).contains("training/loss@1=NaN");
    }

    @Test
    void credentialsAreThoseOfMlflowsOwnVariables() throws IOException {
        new MlflowServer(mlflow.uri() + "/", Map.of("MLFLOW_TRACKING_TOKEN", "secret")).experiment("vision");
        new MlflowServer(mlflow.uri(), Map.of("MLFLOW_TRACKING_USERNAME", "me", "MLFLOW_TRACKING_PASSWORD", "p")).experiment("vision");
        assertThat(mlflow.authorizations()).containsExactly("Bearer secret", "Bearer secret", "Basic bWU6cA==");
        assertThat(mlflow.experiments()).containsOnlyKeys("vision");
    }

    @Test
    void anAddressThatIsNoneOrNobodysIsAnErrorThatNamesIt() {
        assertThatThrownBy(() -> new MlflowServer("file:///tmp/mlruns", Map.of())).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--tracking-uri: 'file:///tmp/mlruns'").hasMessageContaining("allowed:");
        assertThatThrownBy(() -> new MlflowServer(mlflow.uri() + "/elsewhere", Map.of()).experiment("vision"))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("/elsewhere");
    }

    private MlflowLog log(String identity) throws IOException {
        return new MlflowLog(server, server.experiment("vision"), identity,
                new PublishedProgram(SpecificationVersions.of(RUN), "program", new byte[0]));
    }

    private static TrainingStep made(long batch, int incarnation, long step) {
        return TrainingStep.newBuilder().setBatchNumber(batch).setIncarnation(incarnation).setStep(step).setOutcome(Outcome.TRAINED)
                .setRefreshSteps(0).setImages(32).setEpsilon(0.1f).setLearningRate(0.05f).setLoss(1.25f).setCrossEntropy(1)
                .setPerception(0.25f).setSpecificationVersion(1).setStaleness(2L).setTrainedAt(Instant.EPOCH)
                .setWeightsSha256(step % 2 == 0 ? "sha-" + step : null).build();
    }

    private static ConsumerRecord<byte[], byte[]> step(long batch, int incarnation, long step) {
        return new ConsumerRecord<>(STEPS, 0, batch, new byte[8],
                WireFormat.of(TrainingStep.class).encode(made(batch, incarnation, step)));
    }

    private static ConsumerRecord<byte[], byte[]> report(long offset, int incarnation, long step, String attack, double accuracy,
            ReportStatus status) {
        return new ConsumerRecord<>(REPORTS, 0, offset, new byte[8], WireFormat.of(Robustness.class).encode(
                Robustness.newBuilder().setIncarnation(incarnation).setStep(step).setAttack(attack).setSlice("held-out")
                        .setReported(List.of(0L)).setBatches(1).setEpsilon(0.1f).setUpdatedAt(Instant.EPOCH).setStatus(status)
                        .setImages(100L).setCorrect(Math.round(100 * accuracy)).setAccuracy(accuracy).setLower(accuracy - 0.1)
                        .setUpper(accuracy + 0.1).build()));
    }
}

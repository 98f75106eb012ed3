package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.sparring.learning.AttackLoss;
import io.sparring.learning.AttackNorm;
import io.sparring.learning.AttackSpecification;
import io.sparring.learning.AttackStart;
import io.sparring.learning.Geometry;
import io.sparring.learning.LearningRateSchedule;
import io.sparring.learning.NetworkSpecification;
import io.sparring.learning.ObjectiveSpecification;
import io.sparring.learning.OptimizerSpecification;
import io.sparring.learning.ProgramSpecification;
import io.sparring.learning.TrainingParameters;
import io.sparring.pipeline.ObjectiveSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.WeightsPart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunProgramTest {

    private static final Geometry COLOURED = new Geometry(32, 32, 3, 10);

    @Test
    void eachKeyGoesWhereItBelongs() {
        RunSpecification run = TinyRun.with(Map.of("network.width", "6", "network.hidden", "40", "network.batchNorm", "true",
                "network.mean", "[0.25, 0.5, 0.75]", "network.deviation", "[0.125, 0.25, 1.0]",
                "objective.interpolation", "0.25", "objective.temperature", "0.75",
                "optimizer.momentum", "0.5", "optimizer.weightDecay", "0.001",
                "attack.steps", "7"));
        assertThat(RunProgram.specification(run, COLOURED)).isEqualTo(new ProgramSpecification(COLOURED,
                new NetworkSpecification("cnn4", 6, 40, true, List.of(0.25f, 0.5f, 0.75f), List.of(0.125f, 0.25f, 1f)),
                new ObjectiveSpecification("pgd-at+rpat", 0.25f, 0.75f), new OptimizerSpecification(0.5f, 0.001f),
                List.of(new AttackSpecification("training", 7, true), new AttackSpecification("evaluation", 3, true))));
    }

    @Test
    void trainingImagesAreCraftedAsTheObjectivesPaperDoesAndUpdatesMeasuredWithPlainPgd() {
        ProgramSpecification trades =
                RunProgram.specification(TinyRun.with(Map.of("objective.name", "trades")), TinyRun.GEOMETRY);
        assertThat(trades.attacks()).containsExactly(
                new AttackSpecification("training", 2, AttackStart.NORMAL, AttackLoss.KL, AttackNorm.LINF),
                new AttackSpecification("evaluation", 3, AttackStart.UNIFORM, AttackLoss.CROSS_ENTROPY, AttackNorm.LINF));
    }

    @Test
    void bothAttacksAreUnderTheNormOfTheRun() {
        ProgramSpecification program =
                RunProgram.specification(TinyRun.with(Map.of("objective.name", "mart", "attack.norm", "l2")), TinyRun.GEOMETRY);
        assertThat(program.attacks()).containsExactly(
                new AttackSpecification("training", 2, AttackStart.NORMAL, AttackLoss.CROSS_ENTROPY, AttackNorm.L2),
                new AttackSpecification("evaluation", 3, AttackStart.UNIFORM, AttackLoss.CROSS_ENTROPY, AttackNorm.L2));
    }

    @Test
    void theProgramTakesTheAttackFurtherWhereTheRunRefreshesAndNowhereElse() {
        Map<String, String> refresh = Map.of("staleness.policy", "refresh", "staleness.refreshSteps", "4", "objective.name", "trades");
        List<AttackSpecification> attacks = RunProgram.specification(TinyRun.with(refresh), TinyRun.GEOMETRY).attacks();
        assertThat(attacks).hasSize(3).contains(
                new AttackSpecification("training", 4, AttackStart.GIVEN, AttackLoss.KL, AttackNorm.LINF));
        assertThat(TinyRun.program(TinyRun.with(Map.of("staleness.policy", "drop", "staleness.refreshSteps", "4"))))
                .isEqualTo(TinyRun.PROGRAM);
        assertThatIllegalArgumentException().isThrownBy(() -> RunProgram.check(TinyRun.with(Map.of("staleness.policy", "refresh",
                "staleness.refreshSteps", "2", "attack.name", "fgsm", "attack.steps", "1"))))
                .withMessageStartingWith("staleness.refreshSteps: '2' is not allowed; allowed: 1 where attack.name is fgsm");
    }

    @Test
    void everyObjectiveOfLearningIsStreamed() {
        assertThat(ObjectiveSpecification.names()).hasSize(9).allSatisfy(name -> {
            RunSpecification run = TinyRun.with(Map.of("objective.name", name));
            ObjectiveSpecification objective = RunProgram.specification(run, TinyRun.GEOMETRY).objective();
            assertThat(objective.name()).isEqualTo(name);
            assertThat(run.objective().views()).as("the producer, which knows no learning, sends as many views")
                    .isEqualTo(objective.views());
            assertThat(RunProgram.exported(run))
                    .isEqualTo(name.equals("rpat++") ? WeightsPart.AVERAGED_WEIGHTS : WeightsPart.WEIGHTS);
        });
    }

    @Test
    void theDefaultsAreThePapersAndTheFileThatExplainsThemNamesEveryObjectiveAndNorm() throws IOException {
        ObjectiveSettings defaults = TinyRun.RUN.objective();
        assertThat(defaults.interpolation()).isEqualTo(ObjectiveSpecification.INTERPOLATION);
        assertThat(defaults.temperature()).isEqualTo(ObjectiveSpecification.TEMPERATURE);
        assertThat(defaults.beta()).isEqualTo(TrainingParameters.BETA);
        assertThat(defaults.averaging()).isEqualTo(TrainingParameters.AVERAGING);
        assertThat(AttackNorm.names()).containsExactly("linf", "l2").contains(TinyRun.RUN.attack().norm());
        try (InputStream file = RunSpecification.class.getResourceAsStream("run-defaults.yaml")) {
            String comment = new String(file.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .dropWhile(line -> !line.equals("objective:")).skip(1).findFirst().orElseThrow();
            String families = comment.replace("each with and without +rpat", "");
            assertThat(ObjectiveSpecification.names()).allSatisfy(name ->
                    assertThat(families).containsPattern("\\b" + Pattern.quote(name.replace("+rpat", ""))));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "network.name | no-such-network", "network.width | 2048", "network.mean | [0.5]", "network.deviation | [0.5, 2.0, 0.5]",
        "objective.name | no-such-objective", "objective.interpolation | 1", "objective.temperature | 0",
        "optimizer.momentum | 1", "optimizer.weightDecay | 2", "optimizer.warmUp | 8",
        "optimizer.milestones | [0, 4]"})
    void whatLearningDoesNotAllowIsRefusedByItsKey(String key, String value) {
        RunSpecification run = TinyRun.with(switch (key) {
            case "network.mean" -> Map.of(key, value, "network.deviation", "[0.5]");
            case "network.deviation" -> Map.of(key, value, "network.mean", "[0.5, 0.5, 0.5]");
            case "optimizer.warmUp" -> Map.of(key, value, "optimizer.schedule", "cosine");
            case "optimizer.milestones" -> Map.of(key, value, "optimizer.schedule", "piecewise");
            default -> Map.of(key, value);
        });
        assertThatIllegalArgumentException().isThrownBy(() -> RunProgram.specification(run, COLOURED))
                .withMessageStartingWith(key + ": ").withMessageContaining("allowed: ");
        if (!key.equals("network.mean")) {
            assertThatIllegalArgumentException().as("before there are images").isThrownBy(() -> RunProgram.check(run))
                    .withMessageStartingWith(key + ": ");
        }
    }

    @Test
    void aConstantRateStaysAfterItsWarmUp() {
        LearningRateSchedule rate = rate(Map.of("optimizer.learningRate", "0.2", "optimizer.warmUp", "4"));
        assertThat(rates(rate, 0, 1, 3, 4, 1_000_000)).usingComparatorWithPrecision(1e-7f)
                .containsExactly(0.05f, 0.1f, 0.2f, 0.2f, 0.2f);
    }

    @Test
    void aPiecewiseRateFallsAtEachMilestone() {
        LearningRateSchedule rate = rate(Map.of("optimizer.schedule", "piecewise", "optimizer.learningRate", "0.4",
                "optimizer.milestones", "[10, 20]", "optimizer.factor", "0.5"));
        assertThat(rates(rate, 0, 9, 10, 19, 20)).usingComparatorWithPrecision(1e-7f)
                .containsExactly(0.4f, 0.4f, 0.2f, 0.2f, 0.1f);
    }

    @Test
    void aCosineRateFallsToZeroAtTheRunsEnd() {
        LearningRateSchedule rate = rate(Map.of("optimizer.schedule", "cosine", "data.batches", "100",
                "optimizer.learningRate", "0.4", "optimizer.warmUp", "20"));
        assertThat(rate.at(0)).isEqualTo(0.02f, within(1e-7f));
        assertThat(rate.at(20)).isEqualTo(0.4f);
        assertThat(rate.at(60)).as("half way").isEqualTo(0.2f, within(1e-6f));
        assertThat(rate.at(100)).isZero();
    }

    private static LearningRateSchedule rate(Map<String, String> options) {
        return RunProgram.learningRate(TinyRun.with(options));
    }

    private static float[] rates(LearningRateSchedule rate, long... numbers) {
        float[] rates = new float[numbers.length];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = rate.at(numbers[i]);
        }
        return rates;
    }

    @Test
    void fastGradientIsOneStepFromTheImage() {
        RunSpecification run = TinyRun.with(Map.of("attack.name", "fgsm", "attack.steps", "1"));
        AttackSpecification attack = RunProgram.specification(run, TinyRun.GEOMETRY).attacks().get(0);
        assertThat(attack).isEqualTo(AttackSpecification.fastGradient("training", AttackNorm.LINF));
        assertThat(run.attack().stepWithin(0.25f)).isEqualTo(0.25f);
        assertThat(TinyRun.RUN.attack().stepWithin(0.25f)).isEqualTo(0.05f);
        assertThatIllegalArgumentException().isThrownBy(() -> RunProgram.check(TinyRun.with(
                Map.of("attack.name", "fgsm", "attack.steps", "1", "objective.name", "trades"))))
                .withMessage("attack.name: 'fgsm' is not allowed; allowed: pgd where objective.name is trades");
        assertThatIllegalArgumentException().isThrownBy(() -> TinyRun.with(Map.of("attack.name", "fgsm")))
                .withMessage("attack.steps: '2' is not allowed; allowed: 1 where attack.name is fgsm");
    }
}

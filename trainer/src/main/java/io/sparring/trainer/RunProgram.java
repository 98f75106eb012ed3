package io.sparring.trainer;

import io.sparring.learning.AttackLoss;
import io.sparring.learning.AttackNorm;
import io.sparring.learning.AttackSpecification;
import io.sparring.learning.AttackStart;
import io.sparring.learning.CosineSchedule;
import io.sparring.learning.Geometry;
import io.sparring.learning.LearningRateSchedule;
import io.sparring.learning.NetworkSpecification;
import io.sparring.learning.ObjectiveSpecification;
import io.sparring.learning.OptimizerSpecification;
import io.sparring.learning.PiecewiseSchedule;
import io.sparring.learning.ProgramSpecification;
import io.sparring.pipeline.AttackSettings;
import io.sparring.pipeline.EvaluationSettings;
import io.sparring.pipeline.NetworkSettings;
import io.sparring.pipeline.OptimizerSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Setting;
import io.sparring.schemas.WeightsPart;
import java.util.ArrayList;
import java.util.List;

/** What a run's specification means to {@code learning}. */
public final class RunProgram {

    private RunProgram() {
    }

    /**
     * What the run's model program is built from.
     *
     * @param geometry of the run's images
     * @throws IllegalArgumentException naming the key that {@code learning} does not allow, those of the learning rate included
     */
    public static ProgramSpecification specification(RunSpecification run, Geometry geometry) {
        check(run);
        List<AttackSpecification> attacks = new ArrayList<>(List.of(attack(run),
                new AttackSpecification(EvaluationSettings.NAME, run.evaluation().steps(), AttackStart.UNIFORM,
                        AttackLoss.CROSS_ENTROPY, norm(run))));
        if (refreshes(run)) {
            attacks.add(attack(run).continued(run.staleness().refreshSteps()));
        }
        return new ProgramSpecification(geometry, network(run), objective(run), optimizer(run), attacks);
    }

    /** Whether the trainer takes the attack further where a perturbation is too stale, which the program is to have steps for. */
    static boolean refreshes(RunSpecification run) {
        return run.staleness().policy().equals("refresh");
    }

    /**
     * Refuses what no images would make right, before anybody publishes a run that cannot be trained.
     *
     * @throws IllegalArgumentException naming the key that {@code learning} does not allow
     */
    public static void check(RunSpecification run) {
        network(run);
        objective(run);
        optimizer(run);
        attack(run);
        learningRate(run);
        Setting.require(!refreshes(run) || !run.attack().fastGradient() || run.staleness().refreshSteps() == 1,
                "staleness.refreshSteps", run.staleness().refreshSteps(), "1 where attack.name is fgsm, which is one step from "
                        + "the image itself");
    }

    /**
     * The learning rate of each batch number.
     *
     * @throws IllegalArgumentException naming the key that the schedule does not allow
     */
    public static LearningRateSchedule learningRate(RunSpecification run) {
        OptimizerSettings optimizer = run.optimizer();
        if (optimizer.schedule().equals("cosine")) {
            Setting.require(optimizer.warmUp() < run.data().batches(), "optimizer.warmUp", optimizer.warmUp(),
                    "fewer than data.batches = " + run.data().batches() + " where optimizer.schedule is cosine");
            return new CosineSchedule(optimizer.learningRate(), run.data().batches(), optimizer.warmUp());
        }
        Setting.require(optimizer.milestones().stream().allMatch(milestone -> milestone > 0), "optimizer.milestones",
                optimizer.milestones(), "batch numbers above 0");
        // a constant learning rate is a piecewise one without milestones
        return new PiecewiseSchedule(
                optimizer.learningRate(), optimizer.milestones(), optimizer.factor(), optimizer.warmUp());
    }

    /** Which weights of an update are for use: the averaged ones where the run's objective averages. */
    public static WeightsPart exported(RunSpecification run) {
        return objective(run).averages() ? WeightsPart.AVERAGED_WEIGHTS : WeightsPart.WEIGHTS;
    }

    private static AttackSpecification attack(RunSpecification run) {
        AttackSpecification attack =
                AttackSpecification.training(AttackSettings.NAME, run.attack().steps(), objective(run), norm(run));
        if (!run.attack().fastGradient()) {
            return attack;
        }
        // at the image itself the divergence from it has no gradient
        Setting.require(attack.loss() != AttackLoss.KL, "attack.name", run.attack().name(),
                "pgd where objective.name is " + run.objective().name());
        return AttackSpecification.fastGradient(AttackSettings.NAME, norm(run));
    }

    private static NetworkSpecification network(RunSpecification run) {
        NetworkSettings network = run.network();
        return new NetworkSpecification(network.name(), network.width(), network.hidden(), network.batchNorm(),
                network.mean(), network.deviation());
    }

    static ObjectiveSpecification objective(RunSpecification run) {
        return new ObjectiveSpecification(
                run.objective().name(), run.objective().interpolation(), run.objective().temperature());
    }

    private static AttackNorm norm(RunSpecification run) {
        return AttackNorm.named(run.attack().norm());
    }

    private static OptimizerSpecification optimizer(RunSpecification run) {
        return new OptimizerSpecification(run.optimizer().momentum(), run.optimizer().weightDecay());
    }
}

package io.sparring.trainer;

import io.sparring.learning.AttackSpecification;
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
import java.util.List;

/** What a run's specification means to {@code learning}. */
public final class RunProgram {

    private RunProgram() {
    }

    /**
     * What the run's model program is built from.
     *
     * @param geometry of the run's images
     * @throws IllegalArgumentException naming the key that {@code learning} does not allow
     */
    public static ProgramSpecification specification(RunSpecification run, Geometry geometry) {
        NetworkSettings network = run.network();
        return new ProgramSpecification(geometry,
                new NetworkSpecification(network.name(), network.width(), network.hidden(), network.batchNorm(),
                        network.mean(), network.deviation()),
                new ObjectiveSpecification(run.objective().name()),
                new OptimizerSpecification(run.optimizer().momentum(), run.optimizer().weightDecay()),
                List.of(new AttackSpecification(AttackSettings.NAME, run.attack().steps(), true),
                        new AttackSpecification(EvaluationSettings.NAME, run.evaluation().steps(), true)));
    }

    /** The learning rate of each batch number. */
    public static LearningRateSchedule learningRate(RunSpecification run) {
        OptimizerSettings optimizer = run.optimizer();
        if (optimizer.schedule().equals("cosine")) {
            return new CosineSchedule(optimizer.learningRate(), run.data().batches(), optimizer.warmUp());
        }
        // a constant learning rate is a piecewise one without milestones
        return new PiecewiseSchedule(
                optimizer.learningRate(), optimizer.milestones(), optimizer.factor(), optimizer.warmUp());
    }
}

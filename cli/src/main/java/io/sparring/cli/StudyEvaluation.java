package io.sparring.cli;

import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Setting;
import java.math.BigDecimal;

/**
 * How a study evaluates the model that a cell ends with: what `sparring evaluate` is told. A value that is null is another's.
 *
 * @param images how many of the test images, from the first
 * @param suite  pgd20, PGD with another number of steps, or autoattack, which has PGD-20 beside it
 * @param seed   of all that is drawn at random
 */
record StudyEvaluation(Integer images, String suite, Long seed) {

    /** What holds where neither study nor cell says anything. */
    static final StudyEvaluation STANDARD = new StudyEvaluation(1000, "pgd20", 0L);

    StudyEvaluation {
        Setting.require(images == null || images >= 1, "evaluate.images", images, "1 and above");
        Setting.require(suite == null || suite.matches("autoattack|pgd\\d{1,5}"), "evaluate.suite", suite,
                "autoattack, or pgd with a number of steps, such as pgd20");
    }

    /** This one, with another's values where it has none. */
    StudyEvaluation or(StudyEvaluation other) {
        return other == null ? this : new StudyEvaluation(images == null ? other.images : images,
                suite == null ? other.suite : suite, seed == null ? other.seed : seed);
    }

    /** The attack in the run's ball, with steps as long as those of the run's own evaluation. */
    AttackOptions attack(RunSpecification run) {
        return AttackOptions.parse("--suite", suite, "--norm", run.attack().norm(), "--seed", Long.toString(seed),
                "--epsilon", plain(run.evaluation().epsilon()), "--pgd-step-size", plain(run.evaluation().stepSize()));
    }

    private static String plain(float value) {
        return new BigDecimal(Float.toString(value)).toPlainString();
    }
}

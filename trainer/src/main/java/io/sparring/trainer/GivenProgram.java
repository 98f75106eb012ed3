package io.sparring.trainer;

import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.Geometry;
import io.sparring.learning.GradientLoss;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.ObjectiveSpecification;
import io.sparring.pipeline.AttackSettings;
import io.sparring.pipeline.EvaluationSettings;
import io.sparring.pipeline.PublishedProgram;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Setting;
import io.sparring.schemas.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model program that was made elsewhere.
 *
 * @param file a {@code saved_model.pb}
 */
record GivenProgram(Path file, byte[] bytes) {

    private static final Logger LOG = LoggerFactory.getLogger(GivenProgram.class);

    /** @throws IllegalArgumentException naming the file, if it cannot be read */
    static GivenProgram read(Path file) {
        try {
            return new GivenProgram(file, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("--program " + file + ": cannot be read: " + e, e);
        }
    }

    /**
     * Refuses what the run cannot be trained with.
     *
     * @param geometry of the run's images
     * @param weights that it is to begin with, a safetensors file
     * @throws IllegalArgumentException naming the file and what is wrong with it
     */
    void requireFitting(RunSpecification run, Geometry geometry, Path weights, ExecutionSettings execution) {
        try (ModelProgram program = load(execution)) {
            try {
                program.requireTrainable(Set.of(AttackSettings.NAME, EvaluationSettings.NAME));
                requireOfRun(program, run, geometry);
            } catch (IllegalArgumentException e) {
                throw wrong(e);
            }
            WarmStart.read(weights, program::requireFitting);
        }
    }

    private ModelProgram load(ExecutionSettings execution) {
        try {
            return ModelProgram.load(bytes, execution);
        } catch (IllegalArgumentException e) {
            throw wrong(e);
        }
    }

    private IllegalArgumentException wrong(IllegalArgumentException reason) {
        return new IllegalArgumentException("--program " + file + ": " + reason.getMessage(), reason);
    }

    private static void requireOfRun(ModelProgram program, RunSpecification run, Geometry geometry) {
        Setting.require(program.geometry().equals(geometry), "geometry", program.geometry(), "that of the run's images, "
                + geometry);
        ObjectiveSpecification objective = RunProgram.objective(run);
        String asRun = ", as objective.name " + objective.name() + " has it";
        Setting.require(program.views() == objective.views(), "views of an image", program.views(), objective.views() + asRun);
        Setting.require(program.averages() == objective.averages(), "averages the weights", program.averages(),
                objective.averages() + asRun);
        Setting.require(!RunProgram.refreshes(run) || program.continues(AttackSettings.NAME), "staleness.policy",
                run.staleness().policy(), "train or drop, since the program has no signature continue-" + AttackSettings.NAME
                        + " to take stale perturbations further");
        Setting.require(!run.network().precision().equals("auto") || program.gives(GradientLoss.CROSS_ENTROPY),
                "network.precision", "auto", "float32 or bfloat16, since the program has no signature gradient-cross-entropy to "
                        + "compare them by");
    }

    /** @throws IllegalArgumentException if the run has another program; warns otherwise, since it goes on with its own */
    void requireSame(PublishedProgram published) {
        String sha256 = Sha256.of(bytes);
        if (!sha256.equals(published.programSha256())) {
            throw new IllegalArgumentException("--program " + file + ": its SHA-256 is " + sha256
                    + "; allowed: that of the program that the run has published, " + published.programSha256());
        }
        LOG.warn("--program {} is passed over: the run has published it", file);
    }
}

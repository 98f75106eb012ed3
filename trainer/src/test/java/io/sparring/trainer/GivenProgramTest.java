package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sparring.learning.Geometry;
import io.sparring.learning.ModelProgramBuilder;
import io.sparring.learning.SafeTensors;
import io.sparring.learning.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GivenProgramTest {

    @TempDir
    Path folder;

    @Test
    void needsWeights() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Beginning(Optional.of(folder), Optional.empty()))
                .withMessage("--program: '" + folder + "' is not allowed; allowed: together with --initial-weights, a "
                        + "safetensors file with the program's weights");
    }

    @Test
    void whatDoesNotFitTheRunIsRefusedByFile() throws IOException {
        Path nothing = folder.resolve("nothing");
        assertThatIllegalArgumentException().isThrownBy(() -> GivenProgram.read(nothing))
                .withMessageStartingWith("--program " + nothing + ": cannot be read");
        Path file = Files.write(folder.resolve("saved_model.pb"), new byte[] {1, 2, 3});
        assertRefused(file, TinyRun.GEOMETRY, file, "--program " + file + ": this is no SavedModel");

        Files.write(file, ModelProgramBuilder.build(RunProgram.specification(TinyRun.RUN, TinyRun.GEOMETRY)));
        Geometry own = TinyRun.GEOMETRY;
        assertRefused(file, new Geometry(own.height(), own.width(), own.channels(), own.classes() + 1), file,
                "--program " + file + ": geometry: '" + own + "' is not allowed; allowed: that of the run's images, ");
        assertThatIllegalArgumentException().isThrownBy(() -> GivenProgram.read(file).requireFitting(TinyRun.with(
                Map.of("staleness.policy", "refresh")), own, file, TinyRun.EXECUTION)).withMessage("--program " + file
                        + ": staleness.policy: 'refresh' is not allowed; allowed: train or drop, since the program has no signature "
                        + "continue-training to take stale perturbations further");
        Path weights = Files.write(folder.resolve("weights"), SafeTensors.encode(
                Tensors.builder().put("other", new int[] {1}, new float[1]).build(), Map.of()));
        assertRefused(file, own, weights, "--initial-weights " + weights + ": [other] are given, expected are ");
    }

    private static void assertRefused(Path file, Geometry geometry, Path weights, String message) {
        GivenProgram given = GivenProgram.read(file);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> given.requireFitting(TinyRun.RUN, geometry, weights, TinyRun.EXECUTION))
                .withMessageStartingWith(message);
    }
}

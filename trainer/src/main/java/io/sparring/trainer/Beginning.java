package io.sparring.trainer;

import io.sparring.pipeline.ProgramPin;
import io.sparring.pipeline.Setting;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a run begins with instead of what its run file says.
 *
 * @param program a {@code saved_model.pb} with the signatures of a model program; the network of the run file if none
 * @param weights a safetensors file; drawn by the run's seed if none
 * @param pin which program the run may have, whoever publishes it
 */
public record Beginning(Optional<Path> program, Optional<Path> weights, ProgramPin pin) {

    /** All as the run file says. */
    public static final Beginning OF_RUN_FILE = new Beginning(Optional.empty(), Optional.empty());

    /** @throws IllegalArgumentException for a program without weights: it has no layers to draw them for */
    public Beginning {
        Setting.require(program.isEmpty() || weights.isPresent(), "--program", program.map(Path::toString).orElse(""),
                "together with --initial-weights, a safetensors file with the program's weights");
    }

    /** Whichever program the run has published, if it has. */
    public Beginning(Optional<Path> program, Optional<Path> weights) {
        this(program, weights, ProgramPin.NONE);
    }
}

package io.sparring.trainer;

import io.sparring.learning.SafeTensors;
import io.sparring.learning.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;

/** Weights that a run begins with instead of those its seed draws: an earlier run's, as {@code export} writes them. */
final class WarmStart {

    private WarmStart() {
    }

    /**
     * @param file a safetensors file with the weights of the run's program, moving statistics included, float32
     * @param fitting refuses weights that are not the program's; takes what to call them in its message
     * @throws IllegalArgumentException naming the file and what is wrong with it
     */
    static Tensors read(Path file, BiConsumer<String, Tensors> fitting) {
        String what = "--initial-weights " + file;
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(what + ": cannot be read: " + e, e);
        }
        Tensors weights;
        try {
            weights = SafeTensors.decode(bytes);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
        }
        fitting.accept(what, weights);
        if (!weights.allFinite()) {
            throw new IllegalArgumentException(what + ": holds NaN or infinity; allowed: finite weights");
        }
        return weights;
    }
}

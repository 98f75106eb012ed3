package io.sparring.trainer;

import io.sparring.learning.SafeTensors;
import io.sparring.learning.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Weights that a run begins with instead of those its seed draws: an earlier run's, as {@code export} writes them. */
final class WarmStart {

    private static final Logger LOG = LoggerFactory.getLogger(WarmStart.class);

    private WarmStart() {
    }

    /**
     * @param file a safetensors file with the weights of the run's network, moving statistics included, float32
     * @param drawn weights of the same names and shapes
     * @throws IllegalArgumentException naming the file and what is wrong with it
     */
    static Tensors read(Path file, Tensors drawn) {
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
        weights.requireLike(what, drawn);
        if (!weights.allFinite()) {
            throw new IllegalArgumentException(what + ": holds NaN or infinity; allowed: finite weights");
        }
        LOG.info("begins with the weights of {}", file);
        return weights;
    }
}

package io.sparring.learning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Map;

/** Runs a signature that takes images and gives logits. */
final class Prediction {

    private Prediction() {
    }

    /** @param imageShape of the signature's input: -1, height, width, channels */
    static float[][] logits(LoadedSignature signature, float[] images, int[] imageShape, int count) {
        try (NDManager scope = LoadedModel.scope()) {
            NDArray input = scope.create(images, new Shape(count, imageShape[1], imageShape[2], imageShape[3]));
            float[] logits = signature.run(scope, Map.of(ProgramSignature.IMAGES, input))
                    .get(ProgramSignature.LOGITS).toFloatArray();
            int classes = logits.length / count;
            float[][] rows = new float[count][];
            for (int i = 0; i < count; i++) {
                rows[i] = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
            }
            return rows;
        }
    }
}

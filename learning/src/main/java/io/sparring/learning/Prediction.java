package io.sparring.learning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.Map;

/** Runs a signature that takes images and gives logits. */
final class Prediction {

    private Prediction() {
    }

    /** @param imageShape of the signature's input: -1, height, width, channels */
    static float[][] logits(LoadedSignature signature, float[] images, int[] imageShape, int count) {
        try (NDManager scope = LoadedModel.scope()) {
            NDArray input = ImageTensor.of(scope, images, count, imageShape);
            return rows(signature.run(scope, Map.of(ProgramSignature.IMAGES, input))
                    .get(ProgramSignature.LOGITS).toFloatArray(), count);
        }
    }

    /** Cuts what was computed for a batch into one row for each image. */
    static float[][] rows(float[] values, int count) {
        int size = values.length / count;
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = Arrays.copyOfRange(values, i * size, (i + 1) * size);
        }
        return rows;
    }
}

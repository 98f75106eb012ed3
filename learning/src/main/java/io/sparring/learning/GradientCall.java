package io.sparring.learning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;

/**
 * Runs a gradient signature.
 *
 * @param imageShape -1, height, width, channels
 */
record GradientCall(LoadedSignature signature, int[] imageShape) {

    ImageGradient run(float[] images, int[] labels, int[] targets) {
        try (NDManager scope = LoadedModel.scope()) {
            Map<String, NDArray> result = signature.run(scope, Map.of(
                    ProgramSignature.IMAGES, ImageTensor.of(scope, images, labels.length, imageShape),
                    ProgramSignature.LABELS, scope.create(labels),
                    ProgramSignature.TARGETS, scope.create(targets)));
            return new ImageGradient(
                    Prediction.rows(result.get(ProgramSignature.LOGITS).toFloatArray(), labels.length),
                    result.get(ProgramSignature.LOSS).toFloatArray(),
                    result.get(ProgramSignature.IMAGE_GRADIENT).toFloatArray());
        }
    }
}

package io.sparring.learning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;

/**
 * Runs an attack signature.
 *
 * @param imageShape -1, height, width, channels
 */
record AttackCall(LoadedSignature signature, int[] imageShape) {

    AttackResult run(float[] images, int[] labels, long seed, float epsilon, float stepSize) {
        try (NDManager scope = LoadedModel.scope()) {
            Map<String, NDArray> result = signature.run(scope, Map.of(
                    ProgramSignature.IMAGES, ImageTensor.of(scope, images, labels.length, imageShape),
                    ProgramSignature.LABELS, scope.create(labels),
                    ProgramSignature.SEED, scope.create(seed),
                    ProgramSignature.EPSILON, scope.create(epsilon),
                    ProgramSignature.STEP_SIZE, scope.create(stepSize)));
            return new AttackResult(
                    result.get(ProgramSignature.PERTURBED).toFloatArray(),
                    result.get(ProgramSignature.LOSS_BEFORE).toFloatArray(),
                    result.get(ProgramSignature.LOSS_AFTER).toFloatArray(),
                    result.get(ProgramSignature.PREDICTED_AFTER).toIntArray());
        }
    }
}

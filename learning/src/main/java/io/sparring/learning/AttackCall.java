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
            return run(scope, images, labels, epsilon, stepSize, ProgramSignature.SEED, scope.create(seed));
        }
    }

    AttackResult goOn(float[] images, float[] perturbed, int[] labels, float epsilon, float stepSize) {
        try (NDManager scope = LoadedModel.scope()) {
            return run(scope, images, labels, epsilon, stepSize, ProgramSignature.PERTURBED,
                    ImageTensor.of(scope, perturbed, labels.length, imageShape));
        }
    }

    /** @param start where it begins, or what that is drawn from */
    private AttackResult run(NDManager scope, float[] images, int[] labels, float epsilon, float stepSize, String start,
            NDArray value) {
        Map<String, NDArray> result = signature.run(scope, Map.of(
                ProgramSignature.IMAGES, ImageTensor.of(scope, images, labels.length, imageShape),
                ProgramSignature.LABELS, scope.create(labels),
                start, value,
                ProgramSignature.EPSILON, scope.create(epsilon),
                ProgramSignature.STEP_SIZE, scope.create(stepSize)));
        return new AttackResult(
                result.get(ProgramSignature.PERTURBED).toFloatArray(),
                result.get(ProgramSignature.LOSS_BEFORE).toFloatArray(),
                result.get(ProgramSignature.LOSS_AFTER).toFloatArray(),
                result.get(ProgramSignature.PREDICTED_AFTER).toIntArray());
    }
}

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
            return result(values(scope, images, labels, epsilon, stepSize, ProgramSignature.SEED, scope.create(seed)));
        }
    }

    /** Of a signature that gives nothing else. */
    float[] perturb(float[] images, int[] labels, long seed, float epsilon, float stepSize) {
        try (NDManager scope = LoadedModel.scope()) {
            return values(scope, images, labels, epsilon, stepSize, ProgramSignature.SEED, scope.create(seed))
                    .get(ProgramSignature.PERTURBED).toFloatArray();
        }
    }

    AttackResult goOn(float[] images, float[] perturbed, int[] labels, float epsilon, float stepSize) {
        try (NDManager scope = LoadedModel.scope()) {
            return result(values(scope, images, labels, epsilon, stepSize, ProgramSignature.PERTURBED,
                    ImageTensor.of(scope, perturbed, labels.length, imageShape)));
        }
    }

    /** Of a signature that gives nothing else. */
    float[] perturbFurther(float[] images, float[] perturbed, int[] labels, float epsilon, float stepSize) {
        try (NDManager scope = LoadedModel.scope()) {
            return values(scope, images, labels, epsilon, stepSize, ProgramSignature.PERTURBED,
                    ImageTensor.of(scope, perturbed, labels.length, imageShape)).get(ProgramSignature.PERTURBED).toFloatArray();
        }
    }

    /** @param start where it begins, or what that is drawn from */
    private Map<String, NDArray> values(NDManager scope, float[] images, int[] labels, float epsilon, float stepSize,
            String start, NDArray value) {
        return signature.run(scope, Map.of(
                ProgramSignature.IMAGES, ImageTensor.of(scope, images, labels.length, imageShape),
                ProgramSignature.LABELS, scope.create(labels),
                start, value,
                ProgramSignature.EPSILON, scope.create(epsilon),
                ProgramSignature.STEP_SIZE, scope.create(stepSize)));
    }

    private static AttackResult result(Map<String, NDArray> values) {
        return new AttackResult(
                values.get(ProgramSignature.PERTURBED).toFloatArray(),
                values.get(ProgramSignature.LOSS_BEFORE).toFloatArray(),
                values.get(ProgramSignature.LOSS_AFTER).toFloatArray(),
                values.get(ProgramSignature.PREDICTED_AFTER).toIntArray());
    }
}

package io.sparring.learning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Runs a train signature.
 *
 * @param imageShape -1, height, width, channels
 */
record TrainingCall(LoadedSignature signature, int[] imageShape) {

    TrainingLosses run(List<TrainingView> views, int[] labels, TrainingParameters parameters) {
        try (NDManager scope = LoadedModel.scope()) {
            // A signature takes what it knows of these.
            Map<String, NDArray> inputs = new HashMap<>();
            inputs.put(ProgramSignature.IMAGES, images(scope, views.get(0).clean(), labels.length));
            inputs.put(ProgramSignature.PERTURBED, images(scope, views.get(0).perturbed(), labels.length));
            if (views.size() == 2) {
                inputs.put(ProgramSignature.SECOND_IMAGES, images(scope, views.get(1).clean(), labels.length));
                inputs.put(ProgramSignature.SECOND_PERTURBED, images(scope, views.get(1).perturbed(), labels.length));
            }
            inputs.put(ProgramSignature.LABELS, scope.create(labels));
            inputs.put(ProgramSignature.LEARNING_RATE, scope.create(parameters.learningRate()));
            inputs.put(ProgramSignature.LAMBDA, scope.create(parameters.lambda()));
            inputs.put(ProgramSignature.BETA, scope.create(parameters.beta()));
            inputs.put(ProgramSignature.AVERAGING, scope.create(parameters.averaging()));
            return losses(signature.run(scope, inputs));
        }
    }

    private NDArray images(NDManager scope, float[] images, int count) {
        return ImageTensor.of(scope, images, count, imageShape);
    }

    private static TrainingLosses losses(Map<String, NDArray> result) {
        Map<String, Float> terms = new HashMap<>();
        result.forEach((name, value) -> terms.put(name, value.getFloat()));
        Float correctClean = terms.get(ObjectiveTerms.CORRECT_CLEAN);
        return new TrainingLosses(
                terms.get(ObjectiveTerms.TOTAL),
                terms.get(ObjectiveTerms.CROSS_ENTROPY),
                terms.getOrDefault(ObjectiveTerms.PERCEPTION, 0f),
                Math.round(terms.get(ObjectiveTerms.CORRECT_PERTURBED)),
                correctClean == null ? OptionalInt.empty() : OptionalInt.of(Math.round(correctClean)),
                terms.getOrDefault(ObjectiveTerms.ROBUSTNESS, 0f));
    }
}

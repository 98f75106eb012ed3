package io.sparring.evaluator;

import io.sparring.learning.AttackResult;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.PixelPerturbation;
import io.sparring.pipeline.EvaluationSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.ImageBatch;

/**
 * A held-out batch without attack and under the run's evaluation attack: what a report of an update is counted from.
 *
 * @param labels   shape [images]
 * @param clean    logits of the images as they are, shape [images, classes]
 * @param attacked what the attack made of them
 * @param seed     of the attack's random start: the run's and the batch's number, so the same for every update
 */
public record AttackedBatch(int[] labels, float[][] clean, AttackResult attacked, long seed) {

    /**
     * @param program with the weights that are measured
     * @throws IllegalArgumentException when the program cannot take the batch
     */
    public static AttackedBatch of(ModelProgram program, RunSpecification run, ImageBatch batch) {
        program.geometry().problem(batch.getHeight(), batch.getWidth(), batch.getChannels(), batch.getClasses())
                .ifPresent(problem -> {
                    throw new IllegalArgumentException(problem);
                });
        int[] labels = batch.getLabels().stream().mapToInt(Integer::intValue).toArray();
        byte[] pixels = new byte[batch.getPixels().remaining()];
        batch.getPixels().duplicate().get(pixels);
        float[] images = PixelPerturbation.images(pixels);
        EvaluationSettings attack = run.evaluation();
        long seed = run.seed() + batch.getBatchNumber();
        AttackResult attacked =
                program.attack(EvaluationSettings.NAME, images, labels, seed, attack.epsilon(), attack.stepSize());
        return new AttackedBatch(labels, program.predict(images, labels.length), attacked, seed);
    }

    /** The class that each image is taken for without attack, that of its largest logit. */
    public int[] predictedClean() {
        int[] predicted = new int[clean.length];
        for (int i = 0; i < clean.length; i++) {
            predicted[i] = ClassifiedImages.largest(clean[i]);
        }
        return predicted;
    }
}

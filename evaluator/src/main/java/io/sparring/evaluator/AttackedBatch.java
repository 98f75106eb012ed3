package io.sparring.evaluator;

import io.sparring.learning.AttackResult;
import io.sparring.learning.ModelProgram;
import io.sparring.pipeline.EvaluationSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.ImageBatch;
import java.time.Clock;

/**
 * A held-out batch without attack and under the run's evaluation attack: what a report of an update is counted from.
 *
 * @param labels   shape [images]
 * @param images   as they are, NHWC in [0,1]
 * @param clean    logits of the images as they are, shape [images, classes]
 * @param attacked what the attack made of them
 * @param seed     of the attack's random start: the run's and the batch's number, so the same for every update
 * @param cleanSeconds how long classifying them took, without the attack
 */
public record AttackedBatch(int[] labels, float[] images, float[][] clean, AttackResult attacked, long seed, double cleanSeconds) {

    /**
     * @param program with the weights that are measured
     * @throws IllegalArgumentException when the program cannot take the batch
     */
    public static AttackedBatch of(ModelProgram program, RunSpecification run, ImageBatch batch, Clock clock) {
        program.geometry().problem(batch.getHeight(), batch.getWidth(), batch.getChannels(), batch.getClasses())
                .ifPresent(problem -> {
                    throw new IllegalArgumentException(problem);
                });
        int[] labels = BatchEvaluator.labels(batch);
        float[] images = BatchEvaluator.images(batch);
        long start = clock.millis();
        float[][] clean = program.predict(images, labels.length);
        double cleanSeconds = (clock.millis() - start) / 1e3;
        EvaluationSettings attack = run.evaluation();
        long seed = run.seed() + batch.getBatchNumber();
        return new AttackedBatch(labels, images, clean, program.attack(EvaluationSettings.NAME, images, labels, seed,
                attack.epsilon(), attack.stepSize()), seed, cleanSeconds);
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

package io.sparring.learning.autoattack;

import io.sparring.learning.DifferentiableModel;
import io.sparring.learning.GradientLoss;
import io.sparring.learning.ImageGradient;

/**
 * How far a target's logit is above the label's, and its gradient by the image. Where a program does not give it, it is the cross
 * entropy with the label less that with the target, since what normalises them is the same; that costs twice the time.
 */
final class LogitDifference {

    private LogitDifference() {
    }

    static boolean isGiven(DifferentiableModel program) {
        return program.gives(GradientLoss.DIFFERENCE) || program.gives(GradientLoss.CROSS_ENTROPY);
    }

    static ImageGradient of(DifferentiableModel program, float[] images, int[] labels, int[] targets) {
        if (program.gives(GradientLoss.DIFFERENCE)) {
            return program.gradient(GradientLoss.DIFFERENCE, images, labels, targets);
        }
        ImageGradient label = program.gradient(GradientLoss.CROSS_ENTROPY, images, labels, labels);
        ImageGradient target = program.gradient(GradientLoss.CROSS_ENTROPY, images, targets, targets);
        float[] losses = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            losses[i] = label.logits()[i][targets[i]] - label.logits()[i][labels[i]];
        }
        float[] gradients = label.gradient();
        for (int i = 0; i < gradients.length; i++) {
            gradients[i] -= target.gradient()[i];
        }
        return new ImageGradient(label.logits(), losses, gradients);
    }
}

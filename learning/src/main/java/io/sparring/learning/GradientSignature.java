package io.sparring.learning;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * {@code gradient-<loss>}: images, labels and target classes to logits, the loss of each image and its gradient by the image, in
 * evaluation mode. Losses without a target take the input all the same, so that all have one form.
 */
final class GradientSignature {

    private GradientSignature() {
    }

    static ProgramSignature build(ProgramGraph program, GradientLoss loss) {
        Ops tf = program.scope(ProgramSignature.GRADIENT + loss.key());
        Operand<TFloat32> images = program.images(tf, ProgramSignature.IMAGES);
        Operand<TInt32> labels = program.labels(tf);
        Operand<TInt32> targets = program.labels(tf, ProgramSignature.TARGETS);
        int classes = program.specification().geometry().classes();
        SignatureWeights weights = new SignatureWeights(program.read(tf, program.weights()), false);
        Operand<TFloat32> logits = program.network().with(tf, weights).logits(images);
        Operand<TFloat32> losses = loss.each(tf, logits,
                CrossEntropy.targets(tf, labels, classes), CrossEntropy.targets(tf, targets, classes));
        return new ProgramSignature(
                Map.of(ProgramSignature.IMAGES, images,
                        ProgramSignature.LABELS, labels,
                        ProgramSignature.TARGETS, targets),
                Map.of(ProgramSignature.LOGITS, logits,
                        ProgramSignature.LOSS, losses,
                        ProgramSignature.IMAGE_GRADIENT, tf.gradients(losses, List.of(images)).dy(0)));
    }
}

package io.sparring.learning;

import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * {@code continue-<name>}: images, perturbed images, labels, ε and step size to images that are perturbed further, in evaluation
 * mode. The attack starts at the perturbed images as they are and draws nothing.
 */
final class ContinuedAttackSignature {

    private ContinuedAttackSignature() {
    }

    static ProgramSignature build(ProgramGraph program, AttackSpecification specification) {
        Ops tf = program.scope(specification.signature());
        Operand<TFloat32> images = program.images(tf, ProgramSignature.IMAGES);
        Operand<TFloat32> perturbed = program.images(tf, ProgramSignature.PERTURBED);
        Operand<TInt32> labels = program.labels(tf);
        Operand<TFloat32> epsilon = program.scalar(tf, ProgramSignature.EPSILON, TFloat32.class);
        Operand<TFloat32> stepSize = program.scalar(tf, ProgramSignature.STEP_SIZE, TFloat32.class);
        Operand<TFloat32> targets = CrossEntropy.targets(tf, labels, program.specification().geometry().classes());

        SignatureWeights weights = new SignatureWeights(program.read(tf, program.weights()), false);
        Classifier network = program.network().with(tf, weights);
        AttackBatch batch = new AttackBatch(images, targets, tf.constant(0L), epsilon, stepSize);
        return new ProgramSignature(
                Map.of(ProgramSignature.IMAGES, images,
                        ProgramSignature.PERTURBED, perturbed,
                        ProgramSignature.LABELS, labels,
                        ProgramSignature.EPSILON, epsilon,
                        ProgramSignature.STEP_SIZE, stepSize),
                AttackSignature.outputs(tf,
                        new ProjectedGradientDescent(specification).craftFrom(tf, network, batch, perturbed)));
    }
}

package io.sparring.learning;

import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/** {@code attack-<name>}: images, labels, seed, ε and step size to perturbed images, in evaluation mode. */
final class AttackSignature {

    private AttackSignature() {
    }

    static ProgramSignature build(ProgramGraph program, AttackSpecification specification) {
        Ops tf = program.scope(ProgramSignature.ATTACK + specification.name());
        Operand<TFloat32> images = program.images(tf, ProgramSignature.IMAGES);
        Operand<TInt32> labels = program.labels(tf);
        Operand<TInt64> seed = program.scalar(tf, ProgramSignature.SEED, TInt64.class);
        Operand<TFloat32> epsilon = program.scalar(tf, ProgramSignature.EPSILON, TFloat32.class);
        Operand<TFloat32> stepSize = program.scalar(tf, ProgramSignature.STEP_SIZE, TFloat32.class);
        Operand<TFloat32> targets = CrossEntropy.targets(tf, labels, program.specification().geometry().classes());

        SignatureWeights weights = new SignatureWeights(program.read(tf, program.weights()), false);
        Classifier network = program.network().with(tf, weights);
        Attack attack = new ProjectedGradientDescent(specification);
        Attack.Crafted crafted = attack.craft(tf, network, new AttackBatch(images, targets, seed, epsilon, stepSize));
        return new ProgramSignature(
                Map.of(ProgramSignature.IMAGES, images,
                        ProgramSignature.LABELS, labels,
                        ProgramSignature.SEED, seed,
                        ProgramSignature.EPSILON, epsilon,
                        ProgramSignature.STEP_SIZE, stepSize),
                outputs(tf, crafted));
    }

    /** What every attack's signature gives. */
    static Map<String, Operand<?>> outputs(Ops tf, Attack.Crafted crafted) {
        return Map.of(ProgramSignature.PERTURBED, crafted.perturbed(),
                ProgramSignature.LOSS_BEFORE, crafted.lossBefore(),
                ProgramSignature.LOSS_AFTER, crafted.lossAfter(),
                ProgramSignature.PREDICTED_AFTER, CrossEntropy.predicted(tf, crafted.logits()));
    }
}

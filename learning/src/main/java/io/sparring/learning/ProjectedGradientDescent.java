package io.sparring.learning;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * PGD (Madry et al., arXiv 1706.06083, section 2.1): each step moves the images along the loss's gradient and projects them
 * onto the ball and [0,1]. With the divergence from the clean images' logits it is TRADES' attack (Zhang et al., arXiv
 * 1901.08573, algorithm 1; {@code adv_lib/trades.py} in the published code). The steps are unrolled, since TensorFlow's C++
 * gradients know no loops.
 */
record ProjectedGradientDescent(AttackSpecification specification) implements Attack {

    private static final float NORMAL_DEVIATION = 0.001f;

    @Override
    public Crafted craft(Ops tf, Classifier network, AttackBatch batch) {
        return craftFrom(tf, network, batch, start(tf, batch));
    }

    /** The same from a start that is given. */
    Crafted craftFrom(Ops tf, Classifier network, AttackBatch batch, Operand<TFloat32> start) {
        Ball ball = Ball.of(specification.norm(), tf, batch);
        Rising rising = rising(tf, network, batch);
        Operand<TFloat32> perturbed = specification.steps() == 0 ? ball.project(tf, start) : start;
        Operand<TFloat32> logits = network.logits(perturbed);
        Operand<TFloat32> loss = rising.each(logits);
        Operand<TFloat32> lossBefore = loss;
        for (int step = 0; step < specification.steps(); step++) {
            Operand<TFloat32> gradient = tf.gradients(loss, List.of(perturbed)).dy(0);
            perturbed = ball.project(tf, ball.move(tf, perturbed, gradient));
            logits = network.logits(perturbed);
            loss = rising.each(logits);
        }
        return new Crafted(perturbed, lossBefore, loss, logits);
    }

    /** The loss of each image, N, by its logits. */
    private interface Rising {
        Operand<TFloat32> each(Operand<TFloat32> logits);
    }

    private Rising rising(Ops tf, Classifier network, AttackBatch batch) {
        if (specification.loss() == AttackLoss.CROSS_ENTROPY) {
            return logits -> CrossEntropy.each(tf, logits, batch.targets());
        }
        Operand<TFloat32> clean = tf.stopGradient(network.logits(batch.clean()));
        return logits -> KullbackLeibler.each(tf, clean, logits);
    }

    /** A function of the seed alone. */
    private Operand<TFloat32> start(Ops tf, AttackBatch batch) {
        Operand<TInt64> key = tf.stack(List.of(batch.seed(), tf.constant(0L)));
        return switch (specification.start()) {
            case GIVEN -> throw new IllegalArgumentException("the start of " + specification.name() + " is to be given");
            case IMAGE -> batch.clean();
            case UNIFORM -> Ball.of(specification.norm(), tf, batch)
                    .place(tf, tf.random.statelessRandomUniform(tf.shape(batch.clean()), key));
            case NORMAL -> tf.math.add(batch.clean(), tf.math.mul(tf.constant(NORMAL_DEVIATION),
                    tf.random.statelessRandomNormal(tf.shape(batch.clean()), key)));
        };
    }
}

package io.sparring.learning;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The images that are within ε of the clean ones and in [0,1], and how an attack moves among them. */
interface Ball {

    static Ball of(AttackNorm norm, Ops tf, AttackBatch batch) {
        return switch (norm) {
            case LINF -> Box.around(tf, batch);
            case L2 -> new EuclideanBall(batch);
        };
    }

    /**
     * A random place in the ball.
     *
     * @param unit numbers in [0,1), as many as the images have
     */
    Operand<TFloat32> place(Ops tf, Operand<TFloat32> unit);

    /** The images after one step of the batch's size along the gradient, not yet projected. */
    Operand<TFloat32> move(Ops tf, Operand<TFloat32> images, Operand<TFloat32> gradient);

    /** Images in the ball, near those given. */
    Operand<TFloat32> project(Ops tf, Operand<TFloat32> images);
}

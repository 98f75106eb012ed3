package io.sparring.learning;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The largest logits of each image, in falling order. Each is found by leaving out those before it, one by one: TensorFlow's C++
 * gradients know no sorting.
 *
 * @param values of N each
 */
record RankedLogits(List<Operand<TFloat32>> values) {

    static RankedLogits of(Ops tf, Operand<TFloat32> logits, int count) {
        List<Operand<TFloat32>> values = new ArrayList<>();
        Operand<TFloat32> excluded = tf.zerosLike(logits);
        for (int rank = 0; rank < count; rank++) {
            Operand<TFloat32> largest = LargestLogit.of(tf, logits, excluded);
            values.add(tf.reduceSum(tf.math.mul(logits, largest), tf.constant(1)));
            excluded = tf.math.add(excluded, largest);
        }
        return new RankedLogits(values);
    }

    /** @param rank from 0, the largest */
    Operand<TFloat32> value(int rank) {
        return values.get(rank);
    }
}

package io.sparring.learning;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * What an objective comes to on a batch.
 *
 * @param total    what is minimised, a scalar
 * @param reported what else the train signature reports, scalars by the signature's output name
 */
record ObjectiveTerms(Operand<TFloat32> total, Map<String, Operand<TFloat32>> reported) {

    static final String TOTAL = "loss";
    static final String CROSS_ENTROPY = "cross_entropy";
    static final String ROBUSTNESS = "robustness";
    static final String PERCEPTION = "perception";
    static final String CORRECT_PERTURBED = "correct_perturbed";
    static final String CORRECT_CLEAN = "correct_clean";

    ObjectiveTerms {
        // Sorted: the program's bytes must not depend on the order that this JVM gives a Map.of.
        reported = Collections.unmodifiableMap(new TreeMap<>(reported));
    }

    /** What consists of a cross entropy, so far. */
    static ObjectiveTerms of(Operand<TFloat32> crossEntropy) {
        return new ObjectiveTerms(crossEntropy, Map.of(CROSS_ENTROPY, crossEntropy));
    }

    /** The same with a further term, which is reported as it is before the weight. */
    ObjectiveTerms plus(Ops tf, String name, Operand<TFloat32> weight, Operand<TFloat32> term) {
        return new ObjectiveTerms(tf.math.add(total, tf.math.mul(weight, term)), reported).reporting(name, term);
    }

    /** The same with something else to report. */
    ObjectiveTerms reporting(String name, Operand<TFloat32> value) {
        Map<String, Operand<TFloat32>> more = new TreeMap<>(reported);
        more.put(name, value);
        return new ObjectiveTerms(total, more);
    }
}

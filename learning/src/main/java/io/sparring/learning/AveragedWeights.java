package io.sparring.learning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The exponential moving average of the weights (Izmailov et al., arXiv 1803.05407, in ReBAT's form): after each step it
 * becomes d · average + (1-d) · weights, moving statistics included ({@code moving_average} in {@code RPAT_SOTAs/utils.py}).
 */
record AveragedWeights(SignatureWeights weights) {

    /** Reads the program's averaged weights, if it has any. */
    static AveragedWeights read(ProgramGraph program, Ops tf) {
        return new AveragedWeights(new SignatureWeights(program.read(tf, program.averaged()), true));
    }

    /** The network with these weights, in train mode as in the published code: its passes move its own statistics. */
    Classifier network(ProgramGraph program, Ops tf) {
        return program.network().with(tf, weights);
    }

    /**
     * Moves the averages after the weights, once the passes through both are done.
     *
     * @param moved     whose operations come after the weights were written
     * @param averaging d, a scalar
     */
    List<Op> follow(ProgramGraph program, Ops moved, Operand<TFloat32> averaging) {
        Operand<TFloat32> rest = moved.math.sub(moved.constant(1f), averaging);
        List<Op> written = new ArrayList<>();
        Map<String, Operand<TFloat32>> reached = program.read(moved, program.weights());
        program.averaged().forEach((name, variable) -> written.add(moved.assignVariableOp(
                program.handle(variable.name()),
                moved.math.add(moved.math.mul(averaging, weights.value(name)),
                        moved.math.mul(rest, reached.get(name))))));
        return written;
    }
}

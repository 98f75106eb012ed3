package io.sparring.learning;

import java.util.Iterator;
import java.util.Map;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * How large a network is, to tell beforehand what training it takes.
 *
 * @param weights     values, moving statistics included
 * @param momenta     values of the optimizer's variables: as many as there are weights that it moves
 * @param averaged    values of the averaged weights; none unless the objective averages
 * @param activations values that one image's forward pass makes, all operations together
 * @param operations  of a forward pass
 */
public record ProgramSize(long weights, long momenta, long averaged, long activations, int operations) {

    /** Builds the network's forward pass, which takes a moment, and counts. */
    public static ProgramSize of(ProgramSpecification specification) {
        TensorFlow.start();
        try (ProgramGraph program = new ProgramGraph(specification)) {
            Ops tf = program.scope(ProgramSignature.PREDICT);
            Map<String, Operand<TFloat32>> values = program.read(tf, program.weights());
            PredictSignature.build(program, tf, values);
            long activations = 0;
            int operations = 0;
            for (Iterator<GraphOperation> all = program.graph().operations(); all.hasNext(); operations++) {
                activations += perImage(all.next());
            }
            return new ProgramSize(count(program.weights()), count(program.momenta()), count(program.averaged()), activations,
                    operations);
        }
    }

    private static long count(Map<String, Variable> variables) {
        return variables.values().stream().mapToLong(Variable::count).sum();
    }

    /** What an operation makes has the batch, whose size is unknown, as its first dimension. */
    private static long perImage(Operation operation) {
        long values = 0;
        for (int i = 0; i < operation.numOutputs(); i++) {
            Shape shape = operation.output(i).shape();
            if (!shape.isUnknown() && shape.numDimensions() > 1 && shape.get(0) == Shape.UNKNOWN_SIZE) {
                values += shape.tail().size();
            }
        }
        return values;
    }
}

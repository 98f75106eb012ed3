package io.sparring.learning;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** How variables cross between Java and the session: one signature writes a group of them, one reads it. */
final class VariableSignatures {

    private VariableSignatures() {
    }

    /** Takes a value for each variable, by name. */
    static ProgramSignature assign(ProgramGraph program, String signature, Map<String, Variable> variables) {
        Ops tf = program.scope(signature);
        Map<String, Operand<?>> inputs = new LinkedHashMap<>();
        List<Op> written = new ArrayList<>();
        variables.forEach((name, variable) -> {
            Operand<TFloat32> value = program.input(tf, name, TFloat32.class, variable.shape());
            inputs.put(name, value);
            written.add(tf.assignVariableOp(program.handle(variable.name()), value));
        });
        Operand<TFloat32> done = tf.withControlDependencies(written).identity(tf.constant(1f));
        return new ProgramSignature(inputs, Map.of(ProgramSignature.DONE, done));
    }

    /** Gives the value of each variable, by name. */
    static ProgramSignature read(ProgramGraph program, String signature, Map<String, Variable> variables) {
        Ops tf = program.scope(signature);
        return new ProgramSignature(
                Map.of(ProgramSignature.NOTHING, program.scalar(tf, ProgramSignature.NOTHING, TFloat32.class)),
                new LinkedHashMap<>(program.read(tf, variables)));
    }
}

package io.sparring.learning;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;

/**
 * {@code train}: one step of stochastic gradient descent on the program's objective. Every variable is read once; whatever
 * writes one waits until all gradients are known, and the losses are given out only when all is written, so that a step is
 * whole and always the same.
 */
final class TrainSignature {

    private TrainSignature() {
    }

    static ProgramSignature build(ProgramGraph program) {
        Ops tf = program.scope(ProgramSignature.TRAIN);
        TrainingInputs inputs = TrainingInputs.add(program, tf);
        Map<String, Operand<TFloat32>> values = program.read(tf, program.weights());
        SignatureWeights weights = new SignatureWeights(values, true);
        AveragedWeights averaged = AveragedWeights.read(program, tf);
        ObjectiveTerms terms = program.objective().terms(
                tf, program.network().with(tf, weights), inputs.batch(program, tf, averaged.network(program, tf)));

        List<Variable> trainable = program.trainable();
        List<Operand<TFloat32>> trained = trainable.stream().map(variable -> values.get(variable.name())).toList();
        Gradients gradients = tf.gradients(terms.total(), trained);
        List<Op> known = new ArrayList<>(weights.moved().values());
        gradients.forEach(known::add);
        Ops ready = tf.withControlDependencies(List.of(tf.withControlDependencies(known).noOp()));

        List<Op> written = new ArrayList<>();
        MomentumDescent optimizer = new MomentumDescent(program.specification().optimizer());
        for (int i = 0; i < trainable.size(); i++) {
            String name = trainable.get(i).name();
            written.add(optimizer.update(ready, program.handle(name), program.handle(name + ProgramGraph.MOMENTUM),
                    trained.get(i), gradients.dy(i), inputs.learningRate()));
        }
        weights.moved().forEach((name, value) ->
                written.add(ready.assignVariableOp(program.handle(name), value)));
        if (!program.averaged().isEmpty()) {
            Ops moved = tf.withControlDependencies(List.of(tf.withControlDependencies(written).noOp()));
            written.addAll(averaged.follow(program, moved, inputs.averaging()));
        }

        Ops after = tf.withControlDependencies(written);
        Map<String, Operand<?>> outputs = new HashMap<>();
        outputs.put(ObjectiveTerms.TOTAL, after.identity(terms.total()));
        terms.reported().forEach((name, term) -> outputs.put(name, after.identity(term)));
        return new ProgramSignature(new LinkedHashMap<>(inputs.byName()), outputs);
    }
}

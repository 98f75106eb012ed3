package io.sparring.learning;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/** What the train signature takes in, by name: a second view and the averaging only where the objective needs them. */
record TrainingInputs(Map<String, Operand<?>> byName) {

    static TrainingInputs add(ProgramGraph program, Ops tf) {
        Map<String, Operand<?>> inputs = new TreeMap<>();
        inputs.put(ProgramSignature.IMAGES, program.images(tf, ProgramSignature.IMAGES));
        inputs.put(ProgramSignature.PERTURBED, program.images(tf, ProgramSignature.PERTURBED));
        if (program.objective().views() == 2) {
            inputs.put(ProgramSignature.SECOND_IMAGES, program.images(tf, ProgramSignature.SECOND_IMAGES));
            inputs.put(ProgramSignature.SECOND_PERTURBED, program.images(tf, ProgramSignature.SECOND_PERTURBED));
        }
        inputs.put(ProgramSignature.LABELS, program.labels(tf));
        List<String> numbers = program.objective().averages()
                ? List.of(ProgramSignature.LEARNING_RATE, ProgramSignature.LAMBDA, ProgramSignature.BETA,
                        ProgramSignature.AVERAGING)
                : List.of(ProgramSignature.LEARNING_RATE, ProgramSignature.LAMBDA, ProgramSignature.BETA);
        numbers.forEach(name -> inputs.put(name, program.scalar(tf, name, TFloat32.class)));
        return new TrainingInputs(inputs);
    }

    Operand<TFloat32> learningRate() {
        return input(ProgramSignature.LEARNING_RATE);
    }

    Operand<TFloat32> averaging() {
        return input(ProgramSignature.AVERAGING);
    }

    /** Two views become one batch of twice the size. */
    TrainingBatch batch(ProgramGraph program, Ops tf, Classifier averaged) {
        Operand<TFloat32> clean = input(ProgramSignature.IMAGES);
        Operand<TFloat32> perturbed = input(ProgramSignature.PERTURBED);
        Operand<TInt32> labels = input(ProgramSignature.LABELS);
        if (byName.containsKey(ProgramSignature.SECOND_IMAGES)) {
            clean = both(tf, clean, input(ProgramSignature.SECOND_IMAGES));
            perturbed = both(tf, perturbed, input(ProgramSignature.SECOND_PERTURBED));
            labels = both(tf, labels, labels);
        }
        return new TrainingBatch(clean, perturbed, labels,
                CrossEntropy.targets(tf, labels, program.specification().geometry().classes()),
                input(ProgramSignature.LAMBDA), input(ProgramSignature.BETA), averaged);
    }

    private static <T extends TType> Operand<T> both(Ops tf, Operand<T> first, Operand<T> second) {
        return tf.concat(List.of(first, second), tf.constant(0));
    }

    @SuppressWarnings("unchecked")
    private <T extends TType> Operand<T> input(String name) {
        return (Operand<T>) byName.get(name);
    }
}

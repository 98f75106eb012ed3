package io.sparring.learning.autoattack;

import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.Geometry;
import io.sparring.learning.GradientLoss;
import io.sparring.learning.InitialWeights;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.ModelProgramBuilder;
import io.sparring.learning.NetworkSpecification;
import io.sparring.learning.ObjectiveSpecification;
import io.sparring.learning.OptimizerSpecification;
import io.sparring.learning.ProgramSpecification;
import io.sparring.learning.Tensors;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** A real model program, small and with random weights, and images that it classifies as they are labelled. */
record SmallProgram(ModelProgram program) implements AutoCloseable {

    static SmallProgram load(int classes) {
        ProgramSpecification specification = new ProgramSpecification(new Geometry(8, 8, 3, classes),
                new NetworkSpecification("cnn4", 4, 16, false, List.of(), List.of()), new ObjectiveSpecification("pgd-at"),
                new OptimizerSpecification(0.9f, 0), List.of());
        ModelProgram program =
                ModelProgram.load(ModelProgramBuilder.build(specification), ExecutionSettings.standard());
        program.assign(InitialWeights.draw(specification, 0));
        program.assign(balanced(program));
        return new SmallProgram(program);
    }

    /** With offsets that let the classes' logits be equal on average, so that each class is near to the others. */
    private static Tensors balanced(ModelProgram program) {
        Tensors weights = program.weights();
        float[] offsets = weights.values("head/bias").clone();
        float[][] logits = program.predict(images(program, 100), 100);
        for (float[] ofImage : logits) {
            for (int k = 0; k < offsets.length; k++) {
                offsets[k] -= ofImage[k] / logits.length;
            }
        }
        Tensors.Builder balanced = Tensors.builder();
        for (String name : weights.names()) {
            balanced.put(name, weights.shape(name), name.equals("head/bias") ? offsets : weights.values(name));
        }
        return balanced.build();
    }

    ImageBatch images(int count) {
        float[] images = images(program, count);
        int[] labels = new int[count];
        float[][] logits = program.predict(images, count);
        for (int i = 0; i < count; i++) {
            labels[i] = Logits.largest(logits[i]);
        }
        return new ImageBatch(LongStream.range(100, 100 + count).toArray(), images, labels);
    }

    private static float[] images(ModelProgram program, int count) {
        Random random = new Random(3);
        float[] images = new float[count * program.geometry().imageSize()];
        for (int i = 0; i < images.length; i++) {
            images[i] = random.nextInt(8) == 0 ? random.nextInt(2) : random.nextFloat();
        }
        return images;
    }

    /** The same program as if it were an old one. */
    ModelProgram without(GradientLoss missing) {
        return (ModelProgram) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {ModelProgram.class},
                (proxy, method, arguments) -> {
                    if (arguments != null && arguments[0] == missing) {
                        if (method.getName().equals("gives")) {
                            return false;
                        }
                        throw new IllegalArgumentException("there is no gradient of " + missing);
                    }
                    try {
                        return method.invoke(program, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Override
    public void close() {
        program.close();
    }
}

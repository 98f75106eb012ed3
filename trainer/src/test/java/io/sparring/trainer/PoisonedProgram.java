package io.sparring.trainer;

import io.sparring.learning.ModelProgram;
import io.sparring.learning.PixelPerturbation;
import io.sparring.learning.Tensors;
import io.sparring.learning.TrainingView;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A model program whose weights are NaN after it has trained on certain batches, whose losses are finite. */
final class PoisonedProgram {

    private PoisonedProgram() {
    }

    static ModelProgram of(ModelProgram program, Set<Long> poison) {
        return (ModelProgram) Proxy.newProxyInstance(ModelProgram.class.getClassLoader(), new Class<?>[] {ModelProgram.class},
                (proxy, method, arguments) -> {
                    Object result;
                    try {
                        result = method.invoke(program, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (method.getName().equals("train") && poison.stream().anyMatch(number -> isOf(arguments, number))) {
                        program.assign(poisoned(program.weights()), program.optimizer());
                    }
                    return result;
                });
    }

    private static boolean isOf(Object[] arguments, long batchNumber) {
        TrainingView view = (TrainingView) ((List<?>) arguments[0]).get(0);
        return Arrays.equals(view.clean(), PixelPerturbation.images(TinyRun.clean(batchNumber).getPixels().array()));
    }

    private static Tensors poisoned(Tensors weights) {
        Tensors.Builder poisoned = Tensors.builder();
        for (String name : weights.names()) {
            float[] values = weights.values(name);
            values[0] = Float.NaN;
            poisoned.put(name, weights.shape(name), values);
        }
        return poisoned.build();
    }
}

package io.sparring.learning;

import java.util.Arrays;
import java.util.Random;

/** How a variable's first values are drawn. */
public sealed interface InitialValue {

    /** Draws that many values. */
    float[] draw(Random random, int count);

    /** Every value the same. */
    record Constant(float value) implements InitialValue {
        @Override
        public float[] draw(Random random, int count) {
            float[] values = new float[count];
            Arrays.fill(values, value);
            return values;
        }
    }

    /** Normally distributed around zero. */
    record Normal(float deviation) implements InitialValue {
        @Override
        public float[] draw(Random random, int count) {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) (deviation * random.nextGaussian());
            }
            return values;
        }

        /** Keeps the variance of the gradient through layers with ReLU (He et al., arXiv 1502.01852): sqrt(2 / fanOut). */
        static Normal he(int fanOut) {
            return new Normal((float) Math.sqrt(2.0 / fanOut));
        }
    }

    /** Uniform in [-bound, bound). */
    record Uniform(float bound) implements InitialValue {
        @Override
        public float[] draw(Random random, int count) {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = bound * (2 * random.nextFloat() - 1);
            }
            return values;
        }

        /** PyTorch's default for kernels and biases alike: 1 / sqrt(fanIn). */
        static Uniform standard(int fanIn) {
            return new Uniform((float) (1 / Math.sqrt(fanIn)));
        }
    }
}

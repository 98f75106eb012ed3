package io.sparring.learning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * TensorFlow's product of two matrices of numbers in [0,1), in float32 on all cores: what a layer would cost at least if it were one.
 *
 * @param rows of the first, as many as of the product
 * @param inner columns of the first and rows of the second
 * @param columns of the second
 */
public record MatrixProduct(long rows, long inner, long columns) {

    public MatrixProduct {
        Setting.require(rows >= 1, "rows", rows, "at least 1");
        Setting.require(inner >= 1, "inner", inner, "at least 1");
        Setting.require(columns >= 1, "columns", columns, "at least 1");
    }

    /** Multiplications and additions. */
    public double operations() {
        return 2.0 * rows * inner * columns;
    }

    /** The seconds that each of {@code rounds} products takes, after two that are not timed. */
    public double[] seconds(int rounds) {
        TensorFlow.start();
        double[] seconds = new double[rounds];
        try (NDManager scope = LoadedModel.scope()) {
            NDArray left = scope.randomUniform(0, 1, new Shape(rows, inner));
            NDArray right = scope.randomUniform(0, 1, new Shape(inner, columns));
            for (int round = -2; round < rounds; round++) {
                long start = System.nanoTime();
                left.matMul(right).close();
                if (round >= 0) {
                    seconds[round] = (System.nanoTime() - start) / 1e9;
                }
            }
        }
        return seconds;
    }
}

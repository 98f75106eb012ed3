package io.sparring.learning.autoattack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BoxedHyperplaneTest {

    private static final int SIZE = 5;

    @ParameterizedTest
    @EnumSource
    void reachesTheHyperplaneWithinTheBoxByTheShortestWay(Norm norm) {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            float[] point = values(random, 0, 1);
            float[] slope = values(random, -1, 1);
            float[] onPlane = values(random, 0, 1);
            double distance = dot(slope, point) - dot(slope, onPlane);
            float[] change = project(norm, point, slope, distance);

            assertThat(dot(slope, change)).as("seed %d", seed).isCloseTo(-distance, within(1e-5));
            for (int i = 0; i < SIZE; i++) {
                assertThat((double) point[i] + change[i]).as("seed %d", seed).isBetween(-1e-6, 1 + 1e-6);
            }
            assertThat(norm.length(change, 0, SIZE)).as("seed %d", seed)
                    .isCloseTo(norm == Norm.LINF ? shortestCube(point, slope, distance) : shortestLine(point, slope, distance),
                            within(1e-5));
        }
    }

    @ParameterizedTest
    @EnumSource
    void goesToTheNearestCornerWhereTheBoxDoesNotReach(Norm norm) {
        float[] point = {0.25f, 0.5f, 0.75f, 0, 1};
        float[] slope = {1, -1, 0, 2, 3};
        float[] change = project(norm, point, slope, 100);
        assertThat(change).usingComparatorWithPrecision(1e-6f).containsExactly(-0.25f, 0.5f, 0, 0, -1);
        change = project(norm, point, slope, -100);
        assertThat(change).usingComparatorWithPrecision(1e-6f).containsExactly(0.75f, -0.5f, 0, 1, 0);
    }

    @Test
    void isWhatOneComputesByHand() {
        float[] point = {0.5f, 0.5f};
        float[] slope = {1, 3};
        // all move by 0.4 / 4
        assertThat(project(Norm.LINF, point, slope, 0.4)).usingComparatorWithPrecision(1e-6f).containsExactly(-0.1f, -0.1f);
        // 0.4 / 10 of the slope
        assertThat(project(Norm.L2, point, slope, -0.4)).usingComparatorWithPrecision(1e-6f).containsExactly(0.04f, 0.12f);
        // the second is at its edge after 0.5, which gives 1.5; the first gives the rest
        assertThat(project(Norm.L2, point, slope, 1.9)).usingComparatorWithPrecision(1e-6f).containsExactly(-0.4f, -0.5f);
        assertThat(project(Norm.LINF, point, slope, 0)).usingComparatorWithPrecision(1e-6f).containsExactly(0, 0);
    }

    /** The least half side of a cube in which the hyperplane is reached, found by halving. */
    private static double shortestCube(float[] point, float[] slope, double distance) {
        double low = 0;
        double high = 1;
        for (int step = 0; step < 60; step++) {
            double side = (low + high) / 2;
            double reached = 0;
            for (int i = 0; i < SIZE; i++) {
                boolean down = slope[i] * distance > 0;
                reached += Math.abs(slope[i]) * Math.min(side, down ? point[i] : 1 - point[i]);
            }
            low = reached < Math.abs(distance) ? side : low;
            high = reached < Math.abs(distance) ? high : side;
        }
        return high;
    }

    /** The quadratic programme by trying each choice of values that are at an edge of the box: 0, 1 or free. */
    private static double shortestLine(float[] point, float[] slope, double distance) {
        double shortest = Double.POSITIVE_INFINITY;
        for (int choice = 0; choice < Math.pow(3, SIZE); choice++) {
            double[] change = new double[SIZE];
            double left = -distance;
            double free = 0;
            for (int i = 0, rest = choice; i < SIZE; i++, rest /= 3) {
                change[i] = rest % 3 == 2 ? Double.NaN : rest % 3 - point[i];
                left -= rest % 3 == 2 ? 0 : slope[i] * change[i];
                free += rest % 3 == 2 ? (double) slope[i] * slope[i] : 0;
            }
            double sum = 0;
            boolean allowed = free > 0;
            for (int i = 0; i < SIZE; i++) {
                double move = Double.isNaN(change[i]) ? left / free * slope[i] : change[i];
                allowed &= point[i] + move >= -1e-9 && point[i] + move <= 1 + 1e-9;
                sum += move * move;
            }
            shortest = allowed ? Math.min(shortest, Math.sqrt(sum)) : shortest;
        }
        return shortest;
    }

    private static float[] project(Norm norm, float[] point, float[] slope, double distance) {
        float[] change = new float[point.length];
        new BoxedHyperplane(norm, point.length).project(point, 0, slope, 0, distance, change);
        return change;
    }

    private static double dot(float[] some, float[] others) {
        double sum = 0;
        for (int i = 0; i < some.length; i++) {
            sum += (double) some[i] * others[i];
        }
        return sum;
    }

    private static float[] values(Random random, float lowest, float highest) {
        float[] values = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            values[i] = lowest + (highest - lowest) * random.nextFloat();
        }
        return values;
    }
}

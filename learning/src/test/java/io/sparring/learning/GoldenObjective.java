package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.Map;

/** What a golden file says of an objective, and how close one must come to it. */
record GoldenObjective(GoldenFile golden, String name) {

    /**
     * What was computed.
     *
     * @param gradients by the weights' names
     * @param moving    the moving statistics afterwards, by name; may have more entries
     */
    record Computed(double loss, Map<String, float[]> gradients, Map<String, float[]> moving) {
    }

    void compare(Computed computed) {
        assertThat(computed.loss()).isCloseTo(golden.number("objectives", name, "loss"), withPercentage(1e-3));
        golden.numbers("objectives", name, "gradient_norms").forEach((weight, norm) ->
                assertThat(norm(computed.gradients().get(weight))).as(weight).isCloseTo(norm, withPercentage(1e-2)));
        Tensors gradients = golden.tensors("objectives", name, "gradients");
        assertThat(gradients.names()).isNotEmpty();
        for (String weight : gradients.names()) {
            assertClose(weight, computed.gradients().get(weight), gradients.values(weight), 1e-3f);
        }
        if (golden.names("objectives", name).contains("moving")) {
            Tensors moving = golden.tensors("objectives", name, "moving");
            for (String statistic : moving.names()) {
                assertClose(statistic, computed.moving().get(statistic), moving.values(statistic), 1e-5f);
            }
        }
    }

    /** Within a share of the largest entry. */
    static void assertClose(String name, float[] computed, float[] expected, float share) {
        float largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(computed).as(name).usingComparatorWithPrecision(share * largest).containsExactly(expected);
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }
}

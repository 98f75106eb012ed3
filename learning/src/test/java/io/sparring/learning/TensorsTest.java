package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TensorsTest {

    private static final float[] VALUES = {1, 2, 3, 4, 5, 6};

    @Test
    void keepsOrderShapesAndValues() {
        Tensors tensors = Tensors.builder().put("b", new int[] {2, 3}, VALUES).put("a", new int[0], new float[] {7}).build();
        assertThat(tensors.names()).containsExactly("b", "a");
        assertThat(tensors.shape("b")).containsExactly(2, 3);
        assertThat(tensors.values("b")).containsExactly(VALUES);
        assertThat(tensors.shape("a")).isEmpty();
        assertThat(tensors.count()).isEqualTo(7);
        assertThat(tensors).hasToString("Tensors[b[2, 3], a[]]");
    }

    @Test
    void cannotBeChangedFromOutside() {
        float[] values = VALUES.clone();
        int[] shape = {6};
        Tensors tensors = Tensors.builder().put("a", shape, values).build();
        values[0] = 9;
        shape[0] = 5;
        tensors.values("a")[1] = 9;
        tensors.shape("a")[0] = 5;
        assertThat(tensors).isEqualTo(one("a", VALUES, 6));
    }

    @Test
    void areEqualWhenNamesOrderShapesAndBitsAre() {
        assertThat(one("a", VALUES, 6)).isEqualTo(one("a", VALUES, 6)).hasSameHashCodeAs(one("a", VALUES, 6))
                .isNotEqualTo(one("b", VALUES, 6))
                .isNotEqualTo(one("a", VALUES, 2, 3))
                .isNotEqualTo(one("a", new float[] {1, 2, 3, 4, 5, Math.nextUp(6f)}, 6));
        assertThat(one("a", new float[] {0f}, 1)).isNotEqualTo(one("a", new float[] {-0f}, 1));
        assertThat(one("a", new float[] {Float.NaN}, 1)).isEqualTo(one("a", new float[] {Float.NaN}, 1));
        assertThat(Tensors.builder().put("a", new int[1], new float[0]).put("b", new int[1], new float[0]).build())
                .isNotEqualTo(Tensors.builder().put("b", new int[1], new float[0]).put("a", new int[1], new float[0])
                        .build());
    }

    @Test
    void knowsWhetherAllIsFinite() {
        assertThat(one("a", VALUES, 6).allFinite()).isTrue();
        assertThat(one("a", new float[] {1, Float.NaN}, 2).allFinite()).isFalse();
        assertThat(one("a", new float[] {Float.NEGATIVE_INFINITY, 1}, 2).allFinite()).isFalse();
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatIllegalArgumentException().isThrownBy(() -> one("a", VALUES, 2, 2))
                .withMessage("a: shape [2, 2] has 4 values, 6 are given");
        assertThatIllegalArgumentException().isThrownBy(() -> one("a", VALUES, -2, -3))
                .withMessage("a: negative dimension in [-2, -3]");
        assertThatIllegalArgumentException().isThrownBy(() ->
                Tensors.builder().put("a", new int[] {6}, VALUES).put("a", new int[] {6}, VALUES))
                .withMessage("a: given twice");
        assertThatIllegalArgumentException().isThrownBy(() -> one("a", VALUES, 6).values("b"))
                .withMessage("no tensor 'b'; there are: a");
    }

    private static Tensors one(String name, float[] values, int... shape) {
        return Tensors.builder().put(name, shape, values).build();
    }
}

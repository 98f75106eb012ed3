package io.sparring.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ClassifiedImagesTest {

    @Test
    void countsTheImagesWhoseLabelHasTheLargestLogit() {
        float[][] logits = {{2, 1, 0}, {0, 1, 2}, {-3, -1, -2}, {0, 5, 4}};
        assertThat(ClassifiedImages.of(logits, new int[] {0, 2, 1, 2}).correct()).isEqualTo(3);
        assertThat(ClassifiedImages.of(logits, new int[] {1, 1, 0, 0}).correct()).isZero();
    }

    @Test
    void theLossIsTheMeanCrossEntropy() {
        // softmax of (ln 1, ln 2, ln 5) is 1/8, 2/8, 5/8
        float[] row = {0, (float) Math.log(2), (float) Math.log(5)};
        assertThat(ClassifiedImages.of(new float[][] {row}, new int[] {2}).loss()).isEqualTo((float) Math.log(1.6), within(1e-6f));
        assertThat(ClassifiedImages.of(new float[][] {row, row}, new int[] {0, 1}).loss())
                .isEqualTo((float) ((Math.log(8) + Math.log(4)) / 2), within(1e-6f));
    }

    @Test
    void logitsThatAllAreTheSameAreNoBetterThanChance() {
        ClassifiedImages same = ClassifiedImages.of(new float[][] {{1, 1, 1, 1}, {1, 1, 1, 1}}, new int[] {0, 3});
        assertThat(same.loss()).isEqualTo((float) Math.log(4), within(1e-6f));
        assertThat(same.correct()).as("the first of equals, as TensorFlow's argMax").isEqualTo(1);
    }

    @Test
    void largeLogitsDoNotOverflow() {
        float[][] logits = {{1000, -1000}, {-3e38f, 0}};
        assertThat(ClassifiedImages.of(logits, new int[] {0, 1})).isEqualTo(new ClassifiedImages(2, 0));
        assertThat(ClassifiedImages.of(new float[][] {{1000, -1000}}, new int[] {1}).loss()).isEqualTo(2000);
    }

    @Test
    void aMeanOfManyValuesKeepsItsDigits() {
        float[] values = new float[1 << 20];
        Arrays.fill(values, 0.1f);
        assertThat(ClassifiedImages.mean(values)).isEqualTo(0.1f);
    }
}

package io.sparring.learning.autoattack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NormTest {

    @Test
    void measures() {
        float[] some = {9, 0.5f, 0.75f, 9};
        float[] others = {0, 0.2f, 0.35f, 0};
        assertThat(Norm.LINF.distance(some, others, 1, 2)).isCloseTo(0.4, within(1e-6));
        assertThat(Norm.L2.distance(some, others, 1, 2)).isCloseTo(0.5, within(1e-6));
        assertThat(Norm.LINF.length(new float[] {9, -3, 2}, 1, 2)).isEqualTo(3);
        assertThat(Norm.L2.length(new float[] {9, -3, 4}, 1, 2)).isEqualTo(5);
    }

    @Test
    void ascends() {
        float[] gradient = {9, -3, 4, 0};
        float[] image = {0.5f, 0.5f, 0.5f};
        Norm.LINF.ascend(image, gradient, 1, 3, 0.1f);
        assertThat(image).usingComparatorWithPrecision(1e-6f).containsExactly(0.4f, 0.6f, 0.5f);
        Norm.L2.ascend(image, gradient, 1, 3, 0.5f);
        assertThat(image).usingComparatorWithPrecision(1e-6f).containsExactly(0.1f, 1, 0.5f);
    }

    @Test
    void projects() {
        float[] clean = {9, 0.5f, 0.9f};
        float[] image = {0.9f, 1.2f};
        Norm.LINF.project(clean, 1, image, 0.2f);
        assertThat(image).usingComparatorWithPrecision(1e-6f).containsExactly(0.7f, 1);
        image = new float[] {0.8f, 1.3f};
        Norm.L2.project(clean, 1, image, 0.25f);
        assertThat(image).usingComparatorWithPrecision(1e-6f).containsExactly(0.65f, 1);
        image = new float[] {0.55f, 0.85f};
        Norm.L2.project(clean, 1, image, 0.25f);
        assertThat(image).as("near enough").usingComparatorWithPrecision(1e-6f).containsExactly(0.55f, 0.85f);
    }

    @ParameterizedTest
    @EnumSource
    void startsAtDistanceEpsilonInADirectionOfTheImagesOwn(Norm norm) {
        float[] clean = new float[2 * 12];
        Arrays.fill(clean, 0.5f);
        float[] images = new float[clean.length];
        norm.displace(ImageRandom.of(1, 7, "a/1"), clean, images, 12, 12, 0.1f);
        assertThat(norm.distance(images, clean, 12, 12)).isCloseTo(0.1, within(1e-6));
        assertThat(images[0]).isZero();
        float[] again = new float[clean.length];
        norm.displace(ImageRandom.of(1, 7, "a/1"), clean, again, 12, 12, 0.1f);
        assertThat(again).isEqualTo(images);
        norm.displace(ImageRandom.of(1, 8, "a/1"), clean, again, 12, 12, 0.1f);
        assertThat(again).isNotEqualTo(images);
        norm.displace(ImageRandom.of(1, 7, "a/2"), clean, again, 12, 12, 0.1f);
        assertThat(again).isNotEqualTo(images);
        norm.displace(ImageRandom.of(2, 7, "a/1"), clean, again, 12, 12, 0.1f);
        assertThat(again).isNotEqualTo(images);
    }
}

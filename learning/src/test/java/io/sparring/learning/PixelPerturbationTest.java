package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PixelPerturbationTest {

    @Test
    void boundsByWholePixels() {
        for (int pixels = 0; pixels <= 127; pixels++) {
            assertThat(PixelPerturbation.bound(pixels / 255f)).isEqualTo(pixels);
            assertThat(PixelPerturbation.bound((float) (pixels * (1 / 255.0)))).isEqualTo(pixels);
            assertThat(PixelPerturbation.bound(Math.nextDown(pixels / 255f + Float.MIN_VALUE))).isEqualTo(pixels);
        }
        assertThat(PixelPerturbation.bound(0.1f)).isEqualTo(25);
        assertThat(PixelPerturbation.bound(7.99f / 255)).isEqualTo(7);
    }

    @Test
    void refusesABoundThatNoSignedByteHolds() {
        for (float epsilon : new float[] {-0.1f, 128 / 255f, 1.1f, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException().isThrownBy(() -> PixelPerturbation.bound(epsilon))
                    .withMessage("epsilon: '" + epsilon + "' is not allowed; allowed: 0 to 127/255");
        }
    }

    @Test
    void roundsToTheNearestPixelWithinTheBound() {
        byte[] clean = pixels(100, 100, 100, 100, 2, 254);
        float[] perturbed = {100.4f / 255, 100.6f / 255, 120 / 255f, 80 / 255f, 0, 1};
        assertThat(PixelPerturbation.encode(clean, perturbed, 8)).containsExactly(0, 1, 8, -8, -2, 1);
    }

    /** At and about every value half way between two pixels. */
    @Test
    void roundsHalfUp() {
        for (int clean = 0; clean <= 255; clean++) {
            for (int pixel = -2; pixel <= 256; pixel++) {
                float value = (pixel + 0.5f) / 255;
                for (float near : new float[] {Math.nextDown(Math.nextDown(value)), Math.nextDown(value), value, Math.nextUp(value)}) {
                    int rounded = Math.max(0, Math.min(255, Math.round(near * 255)));
                    int change = Math.max(-127, Math.min(127, rounded - clean));
                    assertThat(PixelPerturbation.encode(pixels(clean), new float[] {near}, 127)[0]).as("%s of %d", near, clean)
                            .isEqualTo((byte) change);
                }
            }
        }
    }

    @Test
    void givesBackWhatPixelsMean() {
        assertThat(PixelPerturbation.images(pixels(0, 51, 255))).containsExactly(0, 0.2f, 1);
        assertThat(PixelPerturbation.apply(pixels(0, 51, 255), new byte[] {51, 0, -51})).containsExactly(0.2f, 0.2f, 0.8f);
    }

    @Test
    void neverLeavesTheBallOrTheRange() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            byte[] clean = new byte[64];
            random.nextBytes(clean);
            float[] perturbed = new float[clean.length];
            for (int i = 0; i < perturbed.length; i++) {
                perturbed[i] = random.nextFloat() * 1.5f - 0.25f;
            }
            int bound = random.nextInt(128);
            byte[] perturbation = PixelPerturbation.encode(clean, perturbed, bound);
            float[] applied = PixelPerturbation.apply(clean, perturbation);
            for (int i = 0; i < applied.length; i++) {
                assertThat(Math.abs(perturbation[i])).as("seed " + seed).isLessThanOrEqualTo(bound);
                assertThat(applied[i]).as("seed " + seed).isBetween(0f, 1f);
            }
            assertThat(PixelPerturbation.encode(clean, applied, bound)).as("seed " + seed).isEqualTo(perturbation);
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PixelPerturbation.apply(pixels(250), new byte[] {6}))
                .withMessage("value 0 leaves [0,1]: 250 changed by 6");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PixelPerturbation.apply(pixels(5), new byte[] {-6}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PixelPerturbation.apply(pixels(5), new byte[2]))
                .withMessage("2 values do not go with 1 clean pixels");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PixelPerturbation.encode(pixels(5), new float[] {Float.NaN}, 8))
                .withMessage("perturbed value 0 is not a number");
    }

    private static byte[] pixels(int... values) {
        byte[] pixels = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            pixels[i] = (byte) values[i];
        }
        return pixels;
    }
}

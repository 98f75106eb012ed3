package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AugmentationTest {

    private static final int HEIGHT = 5;
    private static final int WIDTH = 4;
    private static final int CHANNELS = 3;

    private final LabeledImages images = MadeImages.of(11, 3, HEIGHT, WIDTH, CHANNELS);

    @Test
    void noneLeavesTheImageAsItIs() {
        for (int index = 0; index < 20; index++) {
            assertThat(applied(Augmentation.NONE, index)).isEqualTo(image());
        }
    }

    @Test
    void flipMirrorsAboutHalfOfTheImages() {
        Map<String, Integer> seen = new HashMap<>();
        for (int index = 0; index < 1000; index++) {
            seen.merge(Arrays.toString(applied(new Augmentation(0, true), index)), 1, Integer::sum);
        }
        assertThat(seen).containsOnlyKeys(Arrays.toString(image()), Arrays.toString(expected(0, 0, true)));
        assertThat(seen.get(Arrays.toString(image()))).isBetween(430, 570);
    }

    @Test
    void cropTakesEveryShiftOfThePaddedImageAndNoOther() {
        Set<String> allowed = new HashSet<>();
        for (int top = -2; top <= 2; top++) {
            for (int left = -2; left <= 2; left++) {
                allowed.add(Arrays.toString(expected(top, left, false)));
            }
        }
        Set<String> seen = new HashSet<>();
        for (int index = 0; index < 1000; index++) {
            seen.add(Arrays.toString(applied(new Augmentation(2, false), index)));
        }
        assertThat(allowed).hasSize(25);
        assertThat(seen).isEqualTo(allowed);
    }

    @Test
    void cropAndFlipTogetherMirrorTheCrop() {
        Set<String> allowed = new HashSet<>();
        for (int top = -1; top <= 1; top++) {
            for (int left = -1; left <= 1; left++) {
                allowed.add(Arrays.toString(expected(top, left, false)));
                allowed.add(Arrays.toString(expected(top, left, true)));
            }
        }
        Set<String> seen = new HashSet<>();
        for (int index = 0; index < 1000; index++) {
            seen.add(Arrays.toString(applied(new Augmentation(1, true), index)));
        }
        assertThat(seen).isEqualTo(allowed);
    }

    @Test
    void refusesNegativePadding() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Augmentation(-1, false))
                .withMessage("augmentation.cropPadding: -1; allowed: 0 or more");
    }

    private byte[] image() {
        return Arrays.copyOfRange(images.pixels(), images.bytesPerImage(), 2 * images.bytesPerImage());
    }

    /** Image 1, varied, out of a target in which an image lies before it and one behind it. */
    private byte[] applied(Augmentation augmentation, int index) {
        byte[] target = new byte[3 * images.bytesPerImage()];
        augmentation.apply(images, 1, new SeededDraws(12, SeededDraws.Purpose.AUGMENTATION, index), target,
                images.bytesPerImage());
        assertThat(Arrays.copyOf(target, images.bytesPerImage())).containsOnly(0);
        assertThat(Arrays.copyOfRange(target, 2 * images.bytesPerImage(), target.length)).containsOnly(0);
        return Arrays.copyOfRange(target, images.bytesPerImage(), 2 * images.bytesPerImage());
    }

    /** By definition, pixel by pixel. */
    private byte[] expected(int top, int left, boolean mirrored) {
        byte[] image = image();
        byte[] result = new byte[image.length];
        for (int row = 0; row < HEIGHT; row++) {
            for (int column = 0; column < WIDTH; column++) {
                int sourceRow = row + top;
                int sourceColumn = (mirrored ? WIDTH - 1 - column : column) + left;
                boolean inside = sourceRow >= 0 && sourceRow < HEIGHT && sourceColumn >= 0 && sourceColumn < WIDTH;
                for (int channel = 0; inside && channel < CHANNELS; channel++) {
                    result[(row * WIDTH + column) * CHANNELS + channel] =
                            image[(sourceRow * WIDTH + sourceColumn) * CHANNELS + channel];
                }
            }
        }
        return result;
    }
}

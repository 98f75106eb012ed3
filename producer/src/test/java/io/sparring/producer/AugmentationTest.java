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
    void theReflectedImageIsCroppedEverywhereToo() {
        for (boolean flip : new boolean[] {false, true}) {
            Set<String> allowed = new HashSet<>();
            for (int top = -3; top <= 3; top++) {
                for (int left = -3; left <= 3; left++) {
                    allowed.add(Arrays.toString(reflected(top, left, false)));
                    if (flip) {
                        allowed.add(Arrays.toString(reflected(top, left, true)));
                    }
                }
            }
            Set<String> seen = new HashSet<>();
            for (int index = 0; index < 2000; index++) {
                seen.add(Arrays.toString(applied(new Augmentation(3, CropMode.REFLECT, flip, false, 0), index)));
            }
            assertThat(seen).isEqualTo(allowed);
        }
    }

    /** numpy.pad([1, 2, 3, 4], 3, mode="reflect") is [4, 3, 2, 1, 2, 3, 4, 3, 2, 1]. */
    @Test
    void reflectionLeavesOutTheEdge() {
        byte[] rowsOfOneToFour = {1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4};
        LabeledImages row = new LabeledImages(rowsOfOneToFour, new int[1], 4, 4, 1, 2);
        Set<String> rows = new HashSet<>();
        for (int index = 0; index < 500; index++) {
            byte[] target = new byte[16];
            new Augmentation(3, CropMode.REFLECT, false, false, 0).apply(row, 0,
                    new SeededDraws(13, SeededDraws.Purpose.AUGMENTATION, index),
                    new SeededDraws(13, SeededDraws.Purpose.POLICY, index), target, 0);
            rows.add(Arrays.toString(Arrays.copyOf(target, 4)));
        }
        assertThat(rows).containsExactlyInAnyOrder("[4, 3, 2, 1]", "[3, 2, 1, 2]", "[2, 1, 2, 3]", "[1, 2, 3, 4]",
                "[2, 3, 4, 3]", "[3, 4, 3, 2]");
    }

    @Test
    void cropsAreTheSameWhateverElseIsSwitchedOn() {
        for (int index = 0; index < 100; index++) {
            byte[] plain = applied(new Augmentation(2, true), index);
            byte[] cut = applied(new Augmentation(2, CropMode.ZERO, true, false, 2), index);
            byte[] policy = applied(new Augmentation(2, CropMode.ZERO, true, true, 0), index);
            byte[] both = applied(new Augmentation(2, CropMode.ZERO, true, true, 2), index);
            byte[] expected = AutoAugmentPolicy.drawn(new SeededDraws(12, SeededDraws.Purpose.POLICY, index))
                    .apply(new RgbImage(plain, HEIGHT, WIDTH)).pixels();
            assertThat(policy).as("index %d", index).isEqualTo(expected);
            for (int i = 0; i < plain.length; i++) {
                assertThat(cut[i]).as("index %d, value %d", index, i).isIn(plain[i], (byte) 0);
                assertThat(both[i]).as("index %d, value %d", index, i).isIn(policy[i], (byte) 0);
            }
        }
    }

    /** A square of side 2 covers four pixels, or two or one at the upper and the left edge. */
    @Test
    void cutoutBlacksASquareWhoseMiddleIsAnywhere() {
        Set<String> seen = new HashSet<>();
        for (int index = 0; index < 1000; index++) {
            byte[] cut = applied(new Augmentation(0, CropMode.ZERO, false, false, 2), index);
            StringBuilder black = new StringBuilder();
            for (int pixel = 0; pixel < HEIGHT * WIDTH; pixel++) {
                black.append(cut[pixel * CHANNELS] == 0 && cut[pixel * CHANNELS + 2] == 0 ? '#' : '.');
            }
            seen.add(black.toString());
        }
        assertThat(seen).hasSize(HEIGHT * WIDTH)
                .contains("#...................", "##..................", "#...#...............", ".....##..##.........");
    }

    @Test
    void refusesNegativePadding() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Augmentation(0, CropMode.ZERO, false, false, -1))
                .withMessage("data.cutout: '-1' is not allowed; allowed: at least 0");
        assertThatIllegalArgumentException().isThrownBy(() -> new Augmentation(-1, false))
                .withMessage("augmentation.cropPadding: -1; allowed: 0 or more");
    }

    /** By definition of the padded image: place -k is place k, place n - 1 + k is place n - 1 - k. */
    private byte[] reflected(int top, int left, boolean mirrored) {
        byte[] image = image();
        byte[] result = new byte[image.length];
        for (int row = 0; row < HEIGHT; row++) {
            for (int column = 0; column < WIDTH; column++) {
                int sourceRow = HEIGHT - 1 - Math.abs(HEIGHT - 1 - Math.abs(row + top));
                int sourceColumn = WIDTH - 1 - Math.abs(WIDTH - 1 - Math.abs((mirrored ? WIDTH - 1 - column : column) + left));
                System.arraycopy(image, (sourceRow * WIDTH + sourceColumn) * CHANNELS,
                        result, (row * WIDTH + column) * CHANNELS, CHANNELS);
            }
        }
        return result;
    }

    private byte[] image() {
        return Arrays.copyOfRange(images.pixels(), images.bytesPerImage(), 2 * images.bytesPerImage());
    }

    /** Image 1, varied, out of a target in which an image lies before it and one behind it. */
    private byte[] applied(Augmentation augmentation, int index) {
        byte[] target = new byte[3 * images.bytesPerImage()];
        augmentation.apply(images, 1, new SeededDraws(12, SeededDraws.Purpose.AUGMENTATION, index),
                new SeededDraws(12, SeededDraws.Purpose.POLICY, index), target, images.bytesPerImage());
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

package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResizingTest {

    /** What Pillow 9.4 makes of the same images with {@code Image.BILINEAR}. */
    @Test
    void agreesWithPillow() {
        assertAgrees(made(5, 4), 3, 3, 49, 139, 192, 107, 156, 168, 99, 209, 181, 109, 148, 187, 121, 131, 157, 170, 150, 124,
                94, 82, 110, 135, 103, 145, 109, 161, 141);
        assertAgrees(made(5, 4), 2, 7, 61, 147, 203, 71, 149, 193, 87, 152, 177, 110, 151, 162, 131, 153, 150, 130, 186, 156,
                129, 207, 161, 115, 93, 133, 108, 111, 139, 96, 140, 148, 133, 112, 153, 167, 87, 154, 139, 146, 134, 121, 183,
                121);
        assertAgrees(made(4, 4), 4, 2, 64, 88, 185, 77, 157, 201, 76, 220, 181, 142, 233, 141, 102, 109, 191, 149, 103, 131,
                178, 159, 141, 169, 133, 135);
        assertAgrees(made(3, 2), 6, 5, 0, 48, 170, 11, 56, 174, 55, 86, 191, 99, 116, 208, 110, 124, 212, 30, 61, 166, 36, 70,
                171, 59, 105, 193, 83, 140, 215, 89, 150, 221, 89, 86, 157, 85, 97, 164, 67, 143, 197, 50, 189, 230, 46, 201,
                238, 110, 137, 174, 102, 144, 178, 69, 175, 195, 36, 206, 213, 29, 214, 217, 93, 214, 217, 87, 211, 211, 65,
                201, 187, 43, 191, 164, 38, 189, 158, 84, 252, 238, 80, 244, 227, 63, 214, 183, 46, 184, 139, 42, 176, 128);
    }

    @Test
    void halvingIsTheMeanOfNeighboursInWeightsOneThreeThreeOne() {
        DecodedImage row = new DecodedImage(new byte[] {0, 80, (byte) 160, (byte) 240}, new ImageForm(1, 4, 1));

        // at the edge what lies outside does not count: (3 * 0 + 3 * 80 + 160) / 7 and (80 + 3 * 160 + 3 * 240) / 7
        assertThat(Resizing.of(row, 1, 2).pixels()).containsExactly((byte) 57, (byte) 183);
    }

    @Test
    void theSameSizeIsTheSameImage() {
        DecodedImage image = made(7, 5);
        assertThat(Resizing.of(image, 7, 5).pixels()).isEqualTo(image.pixels());
    }

    @Test
    void oneShadeStaysThatShade() {
        Random random = new Random(3);
        for (int round = 0; round < 50; round++) {
            byte[] pixels = new byte[20 * 9];
            byte shade = (byte) random.nextInt(256);
            Arrays.fill(pixels, shade);
            assertThat(Resizing.of(new DecodedImage(pixels, new ImageForm(20, 9, 1)), 1 + random.nextInt(40),
                    1 + random.nextInt(40)).pixels()).as("seed 3, round %d", round).containsOnly(shade);
        }
    }

    /** Value i is (37 i i + 11 i) mod 256. */
    private static DecodedImage made(int height, int width) {
        byte[] pixels = new byte[height * width * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (37 * i * i + 11 * i);
        }
        return new DecodedImage(pixels, new ImageForm(height, width, 3));
    }

    private static void assertAgrees(DecodedImage image, int height, int width, int... expected) {
        DecodedImage resized = Resizing.of(image, height, width);
        assertThat(resized.form()).isEqualTo(new ImageForm(height, width, 3));
        int[] values = IntStream.range(0, resized.pixels().length).map(i -> Byte.toUnsignedInt(resized.pixels()[i])).toArray();
        assertThat(values).hasSize(expected.length);
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).as("value %d of %d x %d", i, height, width).isCloseTo(expected[i], within(1));
        }
    }
}

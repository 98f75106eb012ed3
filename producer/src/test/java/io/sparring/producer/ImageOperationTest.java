package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ImageOperationTest {

    private static final int HEIGHT = 8;
    private static final int WIDTH = 9;

    static List<String> reference() throws IOException {
        try (InputStream file = ImageOperationTest.class.getResourceAsStream("pillow-9.4.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII).lines()
                    .filter(line -> !line.startsWith("#")).toList();
        }
    }

    /** Each operation at several levels, on images of noise and on a smooth one. */
    @ParameterizedTest
    @MethodSource("reference")
    void agreesWithPillow(String line) {
        String[] fields = line.split(" ");
        RgbImage image = fields[0].equals("rough") ? rough() : fields[0].equals("large") ? large() : smooth();
        RgbImage result = ImageOperation.valueOf(fields[1])
                .apply(image, Integer.parseInt(fields[2]), fields[3].equals("-1"));

        assertThat(HexFormat.of().formatHex(result.pixels())).isEqualTo(fields[4]);
    }

    @Test
    void theReferenceHasEveryOperation() throws IOException {
        assertThat(reference().stream().map(line -> line.split(" ")[1]).distinct())
                .containsExactlyInAnyOrderElementsOf(Stream.of(ImageOperation.values()).map(Enum::name).toList());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"AUTO_CONTRAST", "EQUALIZE", "INVERT"})
    void leavesTheImageAtLevelZero(ImageOperation operation) {
        for (boolean negative : new boolean[] {false, true}) {
            assertThat(operation.apply(rough(), 0, negative).pixels()).isEqualTo(rough().pixels());
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavesItsInputAndTheSizeAlone(ImageOperation operation) {
        RgbImage image = rough();
        RgbImage result = operation.apply(image, 9, true);

        assertThat(image.pixels()).isEqualTo(rough().pixels());
        assertThat(result).extracting(RgbImage::height, RgbImage::width).containsExactly(HEIGHT, WIDTH);
        assertThat(result.pixels()).hasSameSizeAs(image.pixels());
    }

    @Test
    void invertingTwiceIsNothing() {
        RgbImage once = ImageOperation.INVERT.apply(rough(), 0, false);
        assertThat(once.pixels()).isNotEqualTo(rough().pixels());
        assertThat(ImageOperation.INVERT.apply(once, 0, false).pixels()).isEqualTo(rough().pixels());
        assertThat(ImageOperation.SOLARIZE.apply(rough(), 9, false).pixels()).as("from 0 on").isEqualTo(once.pixels());
    }

    /** At the largest shift of 150/331 of 9 columns, column c shows what was at floor(c + 0.5 + 4.08). */
    @Test
    void whatComesFromOutsideIsGrey() {
        RgbImage shifted = ImageOperation.TRANSLATE_X.apply(rough(), 9, false);
        for (int row = 0; row < HEIGHT; row++) {
            for (int column = 0; column < WIDTH; column++) {
                for (int channel = 0; channel < 3; channel++) {
                    assertThat(shifted.value(row, column, channel))
                            .isEqualTo(column + 4 < WIDTH ? rough().value(row, column + 4, channel) : 128);
                }
            }
        }
    }

    @Test
    void turningSmallSquaresBackGivesTheMiddleAgain() {
        byte[] pixels = new byte[3 * 3 * 3];
        Arrays.fill(pixels, 12, 15, (byte) 9);
        RgbImage turned = ImageOperation.ROTATE.apply(new RgbImage(pixels, 3, 3), 9, false);
        assertThat(turned.value(1, 1, 2)).isEqualTo(9);
    }

    @Test
    void posterizingKeepsTheUpperBits() {
        RgbImage image = new RgbImage(new byte[] {(byte) 0xff, (byte) 0x9a, 0x0f}, 1, 1);
        assertThat(ImageOperation.POSTERIZE.apply(image, 9, false).pixels()).containsExactly((byte) 0xf0, (byte) 0x90, 0);
        assertThat(ImageOperation.POSTERIZE.apply(image, 2, false).pixels()).containsExactly((byte) 0xfe, (byte) 0x9a, 0x0e);
    }

    /** 5.1 times 100 less 255 is a hair below 255 and cut off, as Pillow does. */
    @Test
    void autoContrastReachesFromBlackToWhite() {
        RgbImage image = new RgbImage(new byte[] {10, 50, 7, 20, 50, 7, 30, 100, 7}, 1, 3);
        assertThat(ImageOperation.AUTO_CONTRAST.apply(image, 0, false).pixels())
                .containsExactly((byte) 0, 0, 7, 127, 0, 7, (byte) 255, (byte) 254, 7);
    }

    /** A channel of fewer than 255 pixels beside its largest value has a step of 0. */
    @Test
    void equalizingSpreadsALargeImageAndLeavesASmallOne() {
        assertThat(ImageOperation.EQUALIZE.apply(rough(), 0, false).pixels()).isEqualTo(rough().pixels());

        byte[] pixels = new byte[32 * 32 * 3];
        Random random = new Random(8);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (100 + random.nextInt(16));
        }
        RgbImage equalized = ImageOperation.EQUALIZE.apply(new RgbImage(pixels, 32, 32), 0, false);
        int[] histogram = equalized.histogram(0);
        assertThat(histogram[0]).as("seed 8").isBetween(30, 100);
        assertThat(Arrays.stream(histogram).filter(count -> count > 0).count()).as("seed 8, of 16 values").isBetween(14L, 16L);
        assertThat(Arrays.stream(histogram, 200, 256).sum()).as("seed 8; a step is 3, so 200 is reached after 600 of 1024")
                .isBetween(330, 520);
    }

    @Test
    void coloursAndContrastsOfGreyStay() {
        byte[] pixels = new byte[5 * 5 * 3];
        Arrays.fill(pixels, (byte) 77);
        RgbImage grey = new RgbImage(pixels, 5, 5);
        for (ImageOperation operation : List.of(ImageOperation.COLOR, ImageOperation.CONTRAST, ImageOperation.SHARPNESS)) {
            assertThat(operation.apply(grey, 9, true).pixels()).as("%s", operation).isEqualTo(pixels);
        }
        assertThat(ImageOperation.BRIGHTNESS.apply(grey, 9, true).pixels()).containsOnly((byte) 7);
        assertThat(ImageOperation.BRIGHTNESS.apply(grey, 5, false).pixels()).containsOnly((byte) 115);
    }

    private static RgbImage rough() {
        byte[] pixels = new byte[HEIGHT * WIDTH * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (37 * i * i + 11 * i + 3);
        }
        return new RgbImage(pixels, HEIGHT, WIDTH);
    }

    private static RgbImage large() {
        byte[] pixels = new byte[29 * 31 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) ((37 * i * i + 11 * i + 3 & 0xff) / 4 + i % 3 * 60);
        }
        return new RgbImage(pixels, 29, 31);
    }

    private static RgbImage smooth() {
        byte[] pixels = new byte[HEIGHT * WIDTH * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (40 + i / 3 % WIDTH * 12 + i / 3 / WIDTH * 7 + i % 3 * 20);
        }
        return new RgbImage(pixels, HEIGHT, WIDTH);
    }
}

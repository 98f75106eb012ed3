package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecodedImageTest {

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aPngHasTheValuesThatAreStored(int channels) throws IOException {
        DecodedImage image = made(9, 7, channels);
        Path file = MadeFiles.image(directory.resolve("a.png"), image);

        assertThat(DecodedImage.of(file).pixels()).isEqualTo(image.pixels());
        assertThat(DecodedImage.of(file).form()).isEqualTo(image.form());
        assertThat(DecodedImage.form(file)).isEqualTo(image.form());
    }

    @ParameterizedTest
    @CsvSource({"1, 100", "3, 100"})
    void aJpegHasThemNearly(int channels, int shade) throws IOException {
        Path file = MadeFiles.image(directory.resolve("a.JPEG"), 8, 16, channels, shade);

        DecodedImage image = DecodedImage.of(file);
        assertThat(image.form()).isEqualTo(new ImageForm(8, 16, channels)).isEqualTo(DecodedImage.form(file));
        for (byte value : image.pixels()) {
            assertThat(Byte.toUnsignedInt(value)).isBetween(shade - 2, shade + 2);
        }
    }

    /** 16 bits, a palette and opacity. */
    @Test
    void otherKindsOfPngBecomeBytes() throws IOException {
        BufferedImage deep = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        deep.getRaster().setPixels(0, 0, 2, 1, new int[] {0x1234, 0xfedc});
        assertThat(decoded(deep).pixels()).containsExactly((byte) 0x12, (byte) 0xfe);

        byte[] entries = {0, 100, (byte) 200};
        byte[] others = {7, 8, 9};
        BufferedImage coloured = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(8, 3, entries, others, entries));
        coloured.getRaster().setPixels(0, 0, 2, 1, new int[] {2, 1});
        assertThat(decoded(coloured).pixels())
                .containsExactly((byte) 200, (byte) 9, (byte) 200, (byte) 100, (byte) 8, (byte) 100);
        BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(8, 3, entries, entries, entries));
        grey.getRaster().setPixels(0, 0, 2, 1, new int[] {2, 1});
        assertThat(decoded(grey).pixels()).containsExactly((byte) 200, (byte) 100);

        BufferedImage opaque = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
        opaque.setRGB(0, 0, 0x80010203);
        assertThat(decoded(opaque).pixels()).containsExactly(1, 2, 3);
    }

    @Test
    void greyInColourIsThreeEqualChannels() {
        DecodedImage grey = new DecodedImage(new byte[] {1, 2}, new ImageForm(2, 1, 1));
        DecodedImage coloured = grey.inColour();

        assertThat(coloured.pixels()).containsExactly(1, 1, 1, 2, 2, 2);
        assertThat(coloured.form()).isEqualTo(new ImageForm(2, 1, 3));
        assertThat(coloured.inColour()).isSameAs(coloured);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg"})
    void namesAFileThatIsNotWhole(String ending) throws IOException {
        Path whole = MadeFiles.image(directory.resolve("a." + ending), made(40, 40, 3));
        byte[] content = Files.readAllBytes(whole);
        for (int percent : new int[] {0, 5, 50, 95}) {
            Path part = Files.write(directory.resolve("part." + ending), Arrays.copyOf(content, content.length * percent / 100));
            assertThatIOException().as("%d %%", percent).isThrownBy(() -> DecodedImage.of(part))
                    .withMessageStartingWith(part + ": cannot be read as an image: ");
        }
    }

    @Test
    void namesAFileOfAnotherFormat() throws IOException {
        Path text = Files.writeString(directory.resolve("text.png"), "no image");
        Path bitmap = MadeFiles.image(directory.resolve("a.bmp"), made(3, 3, 3));
        for (Path file : new Path[] {text, bitmap}) {
            assertThatIOException().isThrownBy(() -> DecodedImage.form(file))
                    .withMessage(file + ": cannot be read as an image: its content is neither PNG nor JPEG");
        }
    }

    /** The decoders throw all kinds of exceptions on damaged files; none but an IOException that names the file gets out. */
    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg"})
    void damagedFilesAreErrorsThatNameThemOrAreDecoded(String ending) throws IOException {
        byte[] content = Files.readAllBytes(MadeFiles.image(directory.resolve("a." + ending), made(8, 8, 3)));
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            byte[] damaged = content.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            Path file = Files.write(directory.resolve("damaged." + ending), damaged);
            try {
                DecodedImage image = DecodedImage.of(file);
                assertThat(image.pixels()).as("seed 5, round %d", round).hasSize(image.form().bytes());
            } catch (IOException e) {
                assertThat(e).as("seed 5, round %d", round).hasMessageContaining(file.toString());
            }
        }
    }

    private DecodedImage decoded(BufferedImage image) throws IOException {
        Path file = directory.resolve("made.png");
        ImageIO.write(image, "png", file.toFile());
        assertThat(DecodedImage.form(file)).isEqualTo(DecodedImage.of(file).form());
        return DecodedImage.of(file);
    }

    private static DecodedImage made(int height, int width, int channels) {
        byte[] pixels = new byte[height * width * channels];
        new Random(4).nextBytes(pixels);
        return new DecodedImage(pixels, new ImageForm(height, width, channels));
    }
}

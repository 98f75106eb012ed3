package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sparring.producer.ImageRequest.Part;
import io.sparring.schemas.IncomingImage;
import io.sparring.schemas.Received;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageRequestTest {

    private static final ExpectedImages GREY = new ExpectedImages(4, 6, 1, 10);
    private static final ExpectedImages COLOUR = new ExpectedImages(4, 6, 3, 10);

    @TempDir
    Path folder;

    @Test
    void anArrayAndPicturesComeInTheOrderOfTheirParts() throws Exception {
        byte[] array = pixels(1, 3 * 24);
        byte[] png = png(4, 6, 1, 77);
        ImageRequest request = new ImageRequest(List.of(new Part("a.npy", NpyArrayTest.images(array, 3, 4, 6, 1)),
                new Part("b.png", png)),
                List.of(), List.of("3, 1 4", "9"));

        List<IncomingImage> records = request.records(GREY);

        assertThat(records).extracting(IncomingImage::getLabel).containsExactly(3, 1, 4, 9);
        assertThat(records).extracting(IncomingImage::getSource).containsExactly("a.npy", "a.npy", "a.npy", "b.png");
        assertThat(records.get(1).getPixels()).isEqualTo(ByteBuffer.wrap(array, 24, 24));
        assertThat(records.get(3).getPixels().get(5)).isEqualTo((byte) 77);
        assertThat(records).allSatisfy(each -> assertThat(GREY.problem(Received.readable(each))).isEmpty());
    }

    @Test
    void greyArraysNeedNoChannelsAndGreyPicturesBecomeColoured() throws Exception {
        assertThat(request(NpyArrayTest.images(pixels(1, 48), 2, 4, 6), "1,2").records(GREY)).hasSize(2);
        IncomingImage image = request(png(4, 6, 1, 200), "1").records(COLOUR).get(0);
        assertThat(image.getPixels().remaining()).isEqualTo(72);
        assertThat(image.getPixels().get(71)).isEqualTo((byte) 200);
    }

    @Test
    void labelsMayBeAnArray() throws Exception {
        byte[] labels = NpyArrayTest.file("{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }", 118,
                new byte[] {7, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0});
        assertThat(new ImageRequest(List.of(new Part(null, NpyArrayTest.images(pixels(1, 48), 2, 4, 6))),
                List.of(new Part(null, labels)), List.of()).records(GREY)).extracting(IncomingImage::getLabel).containsExactly(7,
                2);
    }

    @Test
    void whatDoesNotFitIsNamed() throws Exception {
        byte[] two = NpyArrayTest.images(pixels(1, 48), 2, 4, 6);
        refused(422, "images[0]: dtype |u1, shape [2, 4, 6]; allowed: uint8, images x 4 x 6 x 3", COLOUR, two, "1,2");
        refused(422, "images[0]: dtype |u1, shape [2, 6, 4]; allowed: uint8, images x 4 x 6 x 1, the last of which may miss",
                GREY,
                NpyArrayTest.images(pixels(1, 48), 2, 6, 4), "1,2");
        refused(422, "images[0]: 4 x 6 x 3; allowed: the run's, 4 x 6 x 1", GREY, png(4, 6, 3, 1), "1");
        refused(422, "images[0]: 5 x 6 x 1; allowed: the run's, 4 x 6 x 1", GREY, png(5, 6, 1, 1), "1");
        refused(422, "labels: 1 for 2 images; allowed: one for each, and at least one", GREY, two, "1");
        refused(422, "labels[1]: label: 10; allowed: 0 to 9", GREY, two, "1,10");
        refused(422, "labels[0]: label: -1; allowed: 0 to 9", GREY, two, "-1,1");
        refused(422, "labels: 0 for 0 images; allowed: one for each, and at least one", GREY,
                NpyArrayTest.images(new byte[0], 0, 4, 6), null);
        refused(400, "labels: 'one'; allowed: whole numbers with commas between them", GREY, two, "one");
        refused(400, "labels: ''; allowed: whole numbers with commas between them", GREY, two, "");
        refused(413, "images[0]: 4097 images; allowed: 4096 in a request", GREY, NpyArrayTest.images(new byte[4097 * 24], 4097, 4,
                6), "1");
        assertThat(refusal(GREY, "no image".getBytes(), "1")).hasMessageStartingWith("images[0]: cannot be read as an image: ")
                .hasMessageEndingWith("; allowed: NPY, PNG or JPEG").extracting(e -> ((RefusedRequestException) e).status())
                .isEqualTo(400);
    }

    /** 60,000 x 60,000 pixels would take 3.6 GB: the header is enough to refuse them. */
    @Test
    void aDecompressionBombIsRefusedByItsHeader() throws Exception {
        byte[] bomb = png(4, 6, 1, 1);
        ByteBuffer.wrap(bomb).putInt(16, 60_000).putInt(20, 60_000);
        CRC32 sum = new CRC32();
        sum.update(bomb, 12, 17);
        ByteBuffer.wrap(bomb).putInt(29, (int) sum.getValue());
        refused(422, "images[0]: 60000 x 60000 x 1; allowed: the run's, 4 x 6 x 1", GREY, bomb, "1");
    }

    @Test
    void damagedPicturesAreRefusedAndNeverAnythingElse() throws Exception {
        byte[] sound = png(4, 6, 3, 9);
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            byte[] damaged = random.nextInt(3) == 0 ? Arrays.copyOf(sound, random.nextInt(sound.length)) : sound.clone();
            for (int i = random.nextInt(5); i >= 0 && damaged.length > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(request(damaged, "1").records(COLOUR)).as("seed %d", seed).hasSize(1);
            } catch (RefusedRequestException e) {
                assertThat(e.status()).as("seed %d", seed).isIn(400, 422);
                assertThat(e).as("seed %d", seed).hasMessageContaining("; allowed: ");
            }
        }
    }

    private static void refused(int status, String message, ExpectedImages expected, byte[] images, String labels) {
        assertThat(refusal(expected, images, labels)).hasMessage(message)
                .extracting(e -> ((RefusedRequestException) e).status()).isEqualTo(status);
    }

    private static Throwable refusal(ExpectedImages expected, byte[] images, String labels) {
        Throwable[] refusal = new Throwable[1];
        assertThatExceptionOfType(RefusedRequestException.class).isThrownBy(() -> request(images, labels).records(expected))
                .satisfies(e -> refusal[0] = e);
        return refusal[0];
    }

    private static ImageRequest request(byte[] images, String labels) {
        List<String> texts = new ArrayList<>();
        if (labels != null) {
            texts.add(labels);
        }
        return new ImageRequest(List.of(new Part(null, images)), List.of(), texts);
    }

    private byte[] png(int height, int width, int channels, int shade) throws IOException {
        return Files.readAllBytes(MadeFiles.image(folder.resolve("a.png"), height, width, channels, shade));
    }

    private static byte[] pixels(long seed, int count) {
        byte[] pixels = new byte[count];
        new Random(seed).nextBytes(pixels);
        return pixels;
    }
}

package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarPictureSourceTest {

    private static final int ROWS = 2;

    @TempDir Path pictures;
    @TempDir Path workspace;

    private final int[] trainingLabels = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

    @BeforeEach
    void write() throws IOException {
        for (int batch = 0; batch < 5; batch++) {
            writePicture("data_batch_%d.png".formatted(batch + 1), 1024, ROWS * batch);
        }
        writePicture("test_batch.png", 1024, 100);
        Files.writeString(pictures.resolve("train_lables.json"), Arrays.toString(trainingLabels));
        Files.writeString(pictures.resolve("test_lables.json"), "[9,8]");
    }

    @Test
    void turnsPicturesBackIntoBinaryFiles() throws Exception {
        Path files = source().fetch(workspace);

        for (int batch = 0; batch < 5; batch++) {
            assertThat(files.resolve("data_batch_%d.bin".formatted(batch + 1)))
                    .hasBinaryContent(rows(ROWS * batch, trainingLabels[ROWS * batch], trainingLabels[ROWS * batch + 1]));
        }
        assertThat(files.resolve("test_batch.bin")).hasBinaryContent(rows(100, 9, 8));
    }

    @Test
    void namesLabelsThatAreTooFew() throws IOException {
        Files.writeString(pictures.resolve("train_lables.json"), "[0,1,2,3,4]");

        assertThatIOException().isThrownBy(() -> source().fetch(workspace)).withMessage(
                "%s: 5 labels; expected: one for each row of the pictures up to data_batch_3.png, 6",
                pictures.resolve("train_lables.json"));
    }

    @Test
    void namesAPictureOfAnotherSize() throws IOException {
        writePicture("data_batch_2.png", 1023, 0);

        assertThatIOException().isThrownBy(() -> source().fetch(workspace)).withMessage(
                "%s: expected: a PNG picture, 1024 pixels wide, in red, green and blue",
                pictures.resolve("data_batch_2.png"));
    }

    @Test
    void namesAFileThatIsNoPicture() throws IOException {
        Files.writeString(pictures.resolve("test_batch.png"), "no picture");

        assertThatIOException().isThrownBy(() -> source().fetch(workspace))
                .withMessageStartingWith(pictures.resolve("test_batch.png") + ": expected: a PNG picture");
    }

    private CifarPictureSource source() {
        return new CifarPictureSource(new DirectorySource(pictures, "cifar10"));
    }

    /** Row r has the values of {@link MadeFiles#cifarRow} that begin with first + r. */
    private void writePicture(String name, int width, int first) throws IOException {
        BufferedImage picture = new BufferedImage(width, ROWS, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < width; column++) {
                int red = first + row + column & 0xff;
                int green = first + row + column + 50 & 0xff;
                int blue = first + row + column + 100 & 0xff;
                picture.setRGB(column, row, red << 16 | green << 8 | blue);
            }
        }
        ImageIO.write(picture, "png", pictures.resolve(name).toFile());
    }

    private static byte[] rows(int first, int label, int nextLabel) {
        byte[] both = Arrays.copyOf(MadeFiles.cifarRow(label, first), 2 * CifarBinaryReader.CIFAR_10.row());
        byte[] next = MadeFiles.cifarRow(nextLabel, first + 1);
        System.arraycopy(next, 0, both, next.length, next.length);
        return both;
    }
}

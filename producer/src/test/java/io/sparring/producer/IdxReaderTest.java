package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxReaderTest {

    @TempDir Path directory;

    private final byte[] pixels = {
        1, 2, 3, 4, 5, 6, (byte) 250, (byte) 251, (byte) 252, (byte) 253, (byte) 254, (byte) 255
    };
    private Path images;
    private Path labels;

    @BeforeEach
    void write() throws IOException {
        images = Files.write(directory.resolve("images"), MadeFiles.idx(pixels, 2, 3, 2));
        labels = Files.write(directory.resolve("labels"), MadeFiles.idx(new byte[] {7, 9}, 2));
    }

    @Test
    void readsImagesAndLabels() throws IOException {
        assertThat(read()).isEqualTo(new LabeledImages(pixels, new int[] {7, 9}, 3, 2, 1, 10));
    }

    @Test
    void readsGzip() throws IOException {
        Files.write(images, MadeFiles.gzip(Files.readAllBytes(images)));
        Files.write(labels, MadeFiles.gzip(Files.readAllBytes(labels)));

        assertThat(read()).isEqualTo(new LabeledImages(pixels, new int[] {7, 9}, 3, 2, 1, 10));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15})
    void namesAFileWithoutAWholeHeader(int length) throws IOException {
        truncate(images, length);

        assertThatIOException().isThrownBy(this::read).withMessage(images
                + ": not an IDX file of unsigned bytes in 3 dimensions; "
                + "expected: a header of 16 bytes that begins with 00000803");
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 27})
    void namesATruncatedFile(int length) throws IOException {
        truncate(images, length);

        assertThatIOException().isThrownBy(this::read).withMessage(
                "%s: %d bytes after the header; expected: 2 x 3 x 2, as the header says", images, length - 16);
    }

    @Test
    void namesAFileThatIsTooLong() throws IOException {
        Files.write(labels, new byte[] {7, 9, 1}, StandardOpenOption.APPEND);

        assertThatIOException().isThrownBy(this::read)
                .withMessage(labels + ": 5 bytes after the header; expected: 2, as the header says");
    }

    @Test
    void namesATruncatedGzipFile() throws IOException {
        byte[] whole = MadeFiles.gzip(Files.readAllBytes(images));
        Files.write(images, Arrays.copyOf(whole, whole.length - 9));

        assertThatIOException().isThrownBy(this::read)
                .withMessageStartingWith(images + ": expected: whole gzip data; found: ");
    }

    @Test
    void namesAFileOfTheOtherKind() {
        assertThatIOException().isThrownBy(() -> new IdxReader(10).read(List.of(labels, images)))
                .withMessageStartingWith(labels + ": not an IDX file");
    }

    @Test
    void refusesDimensionsThatWouldOverflow() throws IOException {
        Files.write(images, MadeFiles.idx(new byte[0], Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));

        assertThatIOException().isThrownBy(this::read).withMessage(
                images + ": 0 bytes after the header; expected: 2147483647 x 2147483647 x 2147483647, as the header says");
    }

    @Test
    void refusesDimensionsBelowOne() throws IOException {
        Files.write(images, MadeFiles.idx(new byte[0], 2, -1, 2));

        assertThatIOException().isThrownBy(this::read).withMessage(images + ": dimension 1 is -1; expected: at least 1");
    }

    @Test
    void refusesLabelsThatAreNotAsManyAsTheImages() throws IOException {
        Files.write(labels, MadeFiles.idx(new byte[] {7}, 1));

        assertThatIOException().isThrownBy(this::read)
                .withMessage(labels + ": 1 labels; expected: one for each of the 2 images of " + images);
    }

    @Test
    void refusesLabelsThatAreNoClass() throws IOException {
        Files.write(labels, MadeFiles.idx(new byte[] {7, 10}, 2));

        assertThatIOException().isThrownBy(this::read).withMessage(labels + ": label 10 of image 1; expected: 0 to 9");
    }

    @Test
    void namesAFileThatIsNotThere() throws IOException {
        Files.delete(labels);

        assertThatIOException().isThrownBy(this::read).withMessageStartingWith(labels + ": cannot be read");
    }

    @Test
    void takesTwoFiles() {
        assertThatIllegalArgumentException().isThrownBy(() -> new IdxReader(10).read(List.of(images)))
                .withMessageContaining("expected: one of images, one of labels");
    }

    private LabeledImages read() throws IOException {
        return new IdxReader(10).read(List.of(images, labels));
    }

    private static void truncate(Path file, int length) throws IOException {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
    }
}

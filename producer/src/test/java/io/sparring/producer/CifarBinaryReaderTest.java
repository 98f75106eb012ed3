package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CifarBinaryReaderTest {

    @TempDir Path directory;

    @Test
    void readsTheRowsOfAllFilesInOrderAndInterleavesTheColours() throws IOException {
        Path one = directory.resolve("one.bin");
        Files.write(one, MadeFiles.cifarRow(3, 0));
        Files.write(one, MadeFiles.cifarRow(9, 1), StandardOpenOption.APPEND);
        Path other = Files.write(directory.resolve("other.bin.gz"), MadeFiles.gzip(MadeFiles.cifarRow(0, 2)));

        LabeledImages images = CifarBinaryReader.CIFAR_10.read(List.of(one, other));

        assertThat(images).hasToString("3 images of 32 x 32 x 3 in 10 classes");
        assertThat(images.labels()).containsExactly(3, 9, 0);
        for (int image = 0; image < 3; image++) {
            for (int place = 0; place < 1024; place++) {
                int start = (image * 1024 + place) * 3;
                assertThat(Arrays.copyOfRange(images.pixels(), start, start + 3))
                        .containsExactly((byte) (image + place), (byte) (image + 50 + place), (byte) (image + 100 + place));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3072, 3074, 6145})
    void namesATruncatedFile(int length) throws IOException {
        Path file = Files.write(directory.resolve("batch.bin"), new byte[length]);

        assertThatIOException().isThrownBy(() -> CifarBinaryReader.CIFAR_10.read(List.of(file)))
                .withMessage("%s: %d bytes; expected: rows of 3073, a label and 3 x 32 x 32 values each", file, length);
    }

    @Test
    void namesAFileWithALabelThatIsNoClass() throws IOException {
        Path file = Files.write(directory.resolve("batch.bin"), MadeFiles.cifarRow(10, 0));

        assertThatIOException().isThrownBy(() -> CifarBinaryReader.CIFAR_10.read(List.of(file)))
                .withMessage(file + ": label 10 in row 0; expected: 0 to 9");
    }

    @Test
    void readsTheFineLabelsOfCifar100() throws IOException {
        Path file = directory.resolve("train.bin");
        Files.write(file, MadeFiles.cifarRow(List.of(19, 99), 0));
        Files.write(file, MadeFiles.cifarRow(List.of(4, 0), 1), StandardOpenOption.APPEND);

        LabeledImages images = CifarBinaryReader.CIFAR_100.read(List.of(file));

        assertThat(images).hasToString("2 images of 32 x 32 x 3 in 100 classes");
        assertThat(images.labels()).containsExactly(99, 0);
        assertThat(Arrays.copyOf(images.pixels(), 6)).containsExactly(0, 50, 100, 1, 51, 101);
        assertThat(Arrays.copyOfRange(images.pixels(), 3072, 3075)).containsExactly(1, 51, 101);
    }

    @Test
    void namesWhatIsNoFileOfCifar100() throws IOException {
        Path ofTen = Files.write(directory.resolve("ten.bin"), MadeFiles.cifarRow(3, 0));
        Path coarse = Files.write(directory.resolve("coarse.bin"), MadeFiles.cifarRow(List.of(20, 99), 0));
        Path fine = Files.write(directory.resolve("fine.bin"), MadeFiles.cifarRow(List.of(19, 100), 0));

        assertThatIOException().isThrownBy(() -> CifarBinaryReader.CIFAR_100.read(List.of(ofTen)))
                .withMessage(ofTen + ": 3073 bytes; expected: rows of 3074, 2 labels and 3 x 32 x 32 values each");
        assertThatIOException().isThrownBy(() -> CifarBinaryReader.CIFAR_100.read(List.of(coarse)))
                .withMessage(coarse + ": label 20 in row 0; expected: 0 to 19");
        assertThatIOException().isThrownBy(() -> CifarBinaryReader.CIFAR_100.read(List.of(fine)))
                .withMessage(fine + ": label 100 in row 0; expected: 0 to 99");
    }
}

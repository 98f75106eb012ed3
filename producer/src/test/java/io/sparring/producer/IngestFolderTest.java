package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sparring.schemas.IncomingImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestFolderTest {

    private static final ExpectedImages EXPECTED = new ExpectedImages(4, 6, 3, 3);
    private static final List<String> CLASSES = List.of("ant", "T-shirt/top", "bee");

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        write("bee", "b.png", 4, 6, 3, 11);
        write("bee", "a.png", 4, 6, 1, 12);
        write("ant", "c.png", 4, 6, 3, 13);
    }

    @Test
    void foldersAreNamedAsTheClassesOrByTheirNumbers() throws IOException {
        write("1", "d.png", 4, 6, 3, 14);
        IngestFolder ingest = IngestFolder.read(folder, EXPECTED, CLASSES, false);
        List<IncomingImage> images = images(ingest);
        assertThat(images).extracting(IncomingImage::getSource).containsExactly("1/d.png", "ant/c.png", "bee/a.png", "bee/b.png");
        assertThat(images).extracting(IncomingImage::getLabel).containsExactly(1, 0, 2, 2);
        assertThat(images).extracting(image -> (int) image.getPixels().get(0)).containsExactly(14, 13, 12, 11);
        assertThat(images).extracting(image -> image.getPixels().remaining()).as("grey ones are coloured").containsOnly(72);
        assertThat(ingest.counts()).isEqualTo(Map.of(0, 1, 1, 1, 2, 2));
    }

    @Test
    void whereNamesAreNotKnownThereHasToBeAFolderForEachClass() throws IOException {
        assertThatIOException().isThrownBy(() -> IngestFolder.read(folder, EXPECTED, List.of(), false)).withMessage(
                folder.resolve("ant") + ": a folder of no class; allowed: one for each of the run's 3 classes, or --classes, "
                + "which names "
                        + "them");
        write("cow", "d.png", 4, 6, 3, 14);
        assertThat(images(IngestFolder.read(folder, EXPECTED, List.of(), false))).extracting(IncomingImage::getLabel)
                .containsExactly(0, 1, 1, 2);
    }

    @Test
    void whatIsOfNoClassIsNamed() throws IOException {
        write("cow", "d.png", 4, 6, 3, 14);
        assertThatIOException().isThrownBy(() -> IngestFolder.read(folder, EXPECTED, CLASSES, true))
                .withMessage(folder.resolve("cow") + ": a folder of no class; allowed: ant, T-shirt/top, bee, or 0 to 2");
        assertThatIllegalArgumentException().isThrownBy(() -> IngestFolder.read(folder, EXPECTED, List.of("ant"), true))
                .withMessage("--classes: 'ant' is not allowed; allowed: as many names as the run has classes, 3");
    }

    @Test
    void aBadFileIsNamedOrLeftOut() throws IOException {
        Files.writeString(folder.resolve("ant/readme.txt"), "ants");
        write("bee", "large.png", 9, 9, 3, 1);
        assertThatIOException().isThrownBy(() -> IngestFolder.read(folder, EXPECTED, CLASSES, false)).withMessage(
                folder.resolve("ant/readme.txt") + ": cannot be read as an image: its content is neither PNG nor JPEG");
        IngestFolder ingest = IngestFolder.read(folder, EXPECTED, CLASSES, true);
        assertThat(ingest.images()).isEqualTo(3);
        assertThat(images(ingest)).hasSize(3);
        assertThat(ingest.bad()).hasSize(2).last().isEqualTo(folder.resolve("bee/large.png")
                + ": 9 x 9 x 3; allowed: the run's, 4 x 6 x 3");
    }

    private static List<IncomingImage> images(IngestFolder ingest) throws IOException {
        List<IncomingImage> images = new ArrayList<>();
        ingest.forEach(images::add);
        return images;
    }

    private void write(String name, String file, int height, int width, int channels, int shade) throws IOException {
        Files.createDirectories(folder.resolve(name));
        MadeFiles.image(folder.resolve(name).resolve(file), height, width, channels, shade);
    }
}

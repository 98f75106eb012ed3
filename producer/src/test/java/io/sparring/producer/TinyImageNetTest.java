package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On files of the published form: three classes of two training images each, four validation images. */
class TinyImageNetTest {

    @TempDir Path directory;

    private Path folder;
    private final TinyImageNet set = new TinyImageNet(3, 2, 4, new RawFile("tiny-imagenet-200.zip", "0".repeat(32)));

    @BeforeEach
    void write() throws IOException {
        folder = directory.resolve("tiny-imagenet-200");
        for (int image = 0; image < 2; image++) {
            image("train/n02/images/n02_%d.JPEG".formatted(image), 3, 100 + image * 20);
            image("train/n10/images/n10_%d.JPEG".formatted(image), 1, 150 + image * 20);
            image("train/n01/images/n01_%d.JPEG".formatted(image), 3, 50 + image * 20);
        }
        Files.writeString(folder.resolve("train/n01/n01_boxes.txt"), "n01_0.JPEG\t0\t10\t63\t58\n");
        for (int image : new int[] {0, 1, 2, 10}) {
            image("val/images/val_%d.JPEG".formatted(image), 3, 20 * image);
        }
        Files.writeString(folder.resolve("val/val_annotations.txt"), "val_0.JPEG\tn10\t0\t32\t44\t62\n"
                + "val_1.JPEG\tn01\t52\t55\t57\t59\nval_2.JPEG\tn02\t4\t0\t60\t55\nval_10.JPEG\tn01\t3\t3\t63\t63\n");
        Files.writeString(folder.resolve("wnids.txt"), "n02\nn10\nn01\n");
        Files.writeString(folder.resolve("words.txt"), "n00\tentity\nn01\tgoldfish, Carassius auratus\nn02\tbell\nn10\tpole\n");
        image("test/images/test_0.JPEG", 3, 0);
    }

    @Test
    void readsTheFolder() throws IOException {
        DataSet read = set.read(folder, 0);

        assertThat(read.name()).isEqualTo("tiny-imagenet");
        assertThat(read.classNames()).containsExactly("goldfish, Carassius auratus", "bell", "pole");
        assertThat(read.training()).hasToString("6 images of 64 x 64 x 3 in 3 classes");
        assertThat(read.training().labels()).containsExactly(0, 0, 1, 1, 2, 2);
        assertShades(read.training(), 50, 70, 100, 120, 150, 170);
        assertThat(read.heldOut().labels()).as("by name: 0, 1, 10, 2").containsExactly(2, 0, 0, 1);
        assertShades(read.heldOut(), 0, 20, 200, 40);
    }

    @Test
    void readsTheFolderFromTheOneItIsInAndFromTheArchive() throws IOException {
        DataSet expected = set.read(folder, 0);
        set.verify(directory);
        assertThat(set.read(directory, 0)).isEqualTo(expected);

        Path packed = Files.createDirectory(directory.resolve("packed"));
        Path archive = zip(packed.resolve("tiny-imagenet-200.zip"));
        TinyImageNet official = new TinyImageNet(3, 2, 4,
                new RawFile("tiny-imagenet-200.zip", RawFile.md5Of(Files.readAllBytes(archive))));
        official.verify(packed);
        assertThat(official.read(packed, 0)).isEqualTo(expected);
        assertThatIOException().isThrownBy(() -> set.verify(packed))
                .withMessageStartingWith(archive + ": its content has the MD5 sum ");
    }

    @Test
    void resizesIfAsked() throws IOException {
        DataSet read = set.read(folder, 32);

        assertThat(read.training()).hasToString("6 images of 32 x 32 x 3 in 3 classes");
        assertShades(read.heldOut(), 0, 20, 200, 40);
    }

    @Test
    void namesWhatIsMissing() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        assertThatIOException().isThrownBy(() -> set.verify(elsewhere))
                .withMessage(elsewhere.resolve("tiny-imagenet-200.zip") + ": not there, nor with .gz");

        Files.delete(folder.resolve("train/n02/images/n02_1.JPEG"));
        assertFails("%s: 1 images; expected: 2", "train/n02/images");
        image("train/n02/images/n02_1.JPEG", 3, 0);
        Files.delete(folder.resolve("val/images/val_2.JPEG"));
        assertFails("%s: 3 images; expected: 4", "val/images");
        Files.writeString(folder.resolve("wnids.txt"), "n02\nn10\n");
        assertFails("%s: 2 classes; expected: 3", "wnids.txt");
        Files.writeString(folder.resolve("wnids.txt"), "n02\nn10\nn01");
        Files.writeString(folder.resolve("words.txt"), "n01\tgoldfish\nn10\tpole\n");
        assertFails("%s: no line for n02; expected: one for each class", "words.txt");
    }

    @Test
    void namesWhatDoesNotFit() throws IOException {
        MadeFiles.image(folder.resolve("val/images/val_2.JPEG"), 64, 65, 3, 0);
        assertFails("%s: 64 x 65 pixels; expected: 64 x 64, as all others, or a data.imageSize to resize them to",
                "val/images/val_2.JPEG");
        Files.writeString(folder.resolve("val/val_annotations.txt"), "val_0.JPEG\tn10\n");
        assertFails("%s: not in " + folder.resolve("val/val_annotations.txt"), "val/images/val_1.JPEG");
        Files.writeString(folder.resolve("val/val_annotations.txt"), "val_0.JPEG\tn11\n");
        assertFails("%s: 'val_0.JPEG\tn11'; expected: a file, a tab and one of the classes of wnids.txt",
                "val/val_annotations.txt");
    }

    @Test
    void thePublishedOneHasTwoHundredClasses() {
        assertThat(TinyImageNet.PUBLISHED)
                .extracting(TinyImageNet::classes, TinyImageNet::imagesOfAClass, TinyImageNet::testImages)
                .containsExactly(200, 500, 10_000);
        assertThat(TinyImageNet.PUBLISHED.sources()).extracting(DataSource::description)
                .isEqualTo(List.of("http://cs231n.stanford.edu/"));
    }

    private void image(String name, int channels, int shade) throws IOException {
        MadeFiles.image(folder.resolve(name), 64, 64, channels, shade);
    }

    private void assertFails(String message, String name) {
        assertThatIOException().isThrownBy(() -> set.read(directory, 0)).withMessage(message, folder.resolve(name));
    }

    /** A JPEG image of one shade is off by no more than two. */
    private static void assertShades(LabeledImages images, int... shades) {
        for (int image = 0; image < images.count(); image++) {
            for (int value = 0; value < images.bytesPerImage(); value++) {
                assertThat(Byte.toUnsignedInt(images.pixels()[image * images.bytesPerImage() + value])).as("image %d", image)
                        .isBetween(shades[image] - 2, shades[image] + 2);
            }
        }
    }

    /** With an entry for each folder too, as the official archive has. */
    private Path zip(Path archive) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive)); Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                zip.putNextEntry(new ZipEntry(directory.relativize(file) + (Files.isDirectory(file) ? "/" : "")));
                if (Files.isRegularFile(file)) {
                    zip.write(Files.readAllBytes(file));
                }
                zip.closeEntry();
            }
        }
        return archive;
    }
}

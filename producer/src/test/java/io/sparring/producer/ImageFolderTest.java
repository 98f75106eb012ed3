package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {

    @TempDir Path directory;

    private final ImageFolder folder = new ImageFolder();

    /** Two classes: three and two training images, three and one test images, each of a shade of its own. */
    @BeforeEach
    void write() throws IOException {
        write("train/dog/b.png", 21);
        write("train/dog/a.PNG", 20);
        write("train/cat/c.png", 12);
        write("train/cat/B.png", 10);
        write("train/cat/b.png", 11);
        write("test/cat/1.png", 30);
        write("test/cat/2.png", 31);
        write("test/cat/3.png", 32);
        write("test/dog/1.png", 40);
    }

    @Test
    void classesAndTrainingImagesAreInTheOrderOfTheirNamesAndTestImagesGoRoundTheClasses() throws IOException {
        DataSet set = read(0);

        assertThat(set.name()).isEqualTo("image-folder");
        assertThat(set.classNames()).containsExactly("cat", "dog");
        assertThat(set.training()).hasToString("5 images of 2 x 3 x 1 in 2 classes");
        assertThat(set.training().labels()).containsExactly(0, 0, 0, 1, 1);
        assertThat(shades(set.training())).containsExactly(10, 11, 12, 20, 21);
        assertThat(set.heldOut().labels()).containsExactly(0, 1, 0, 0);
        assertThat(shades(set.heldOut())).containsExactly(30, 40, 31, 32);
    }

    @Test
    void oneImageInColourMakesAllColoured() throws IOException {
        byte[] coloured = {1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3};
        MadeFiles.image(file("test/dog/2.png"), new DecodedImage(coloured, new ImageForm(2, 3, 3)));
        DataSet set = read(0);

        assertThat(set.training()).hasToString("5 images of 2 x 3 x 3 in 2 classes");
        assertThat(set.training().pixels()).startsWith(10, 10, 10, 10).endsWith(21, 21);
        assertThat(set.heldOut().labels()).containsExactly(0, 1, 0, 1, 0);
        assertThat(set.heldOut().pixels()[3 * 18 + 1]).isEqualTo((byte) 2);
    }

    @Test
    void takesJpegByEveryUsualEnding() throws IOException {
        for (String name : new String[] {"d.jpg", "e.jpeg", "f.JPG", "g.JPEG"}) {
            write("train/dog/" + name, 200);
        }
        assertThat(read(0).training().count()).isEqualTo(9);
    }

    @Test
    void hiddenFilesDoNotCount() throws IOException {
        Files.writeString(file("train/dog/.DS_Store"), "x");
        Files.createDirectory(file("train/.cache"));

        assertThat(read(0)).isEqualTo(read(0)).extracting(DataSet::classNames).asList().hasSize(2);
    }

    @Test
    void namesAnImageOfAnotherSizeUnlessAllAreResized() throws IOException {
        MadeFiles.image(file("test/dog/2.png"), 4, 4, 1, 9);

        assertFails("%s: 4 x 4 pixels; expected: 2 x 3, as all others, or a data.imageSize to resize them to", "test/dog/2.png");
        DataSet set = read(6);
        assertThat(set.training()).hasToString("5 images of 6 x 6 x 1 in 2 classes");
        assertThat(set.training().pixels()).startsWith(10, 10).endsWith(21, 21);
    }

    @Test
    void namesAMissingSplit() throws IOException {
        folder.verify(directory);
        Files.move(file("test"), file("tset"));

        assertThatIOException().isThrownBy(() -> folder.verify(directory)).withMessage(file("test") + ": no such folder");
    }

    @Test
    void namesAClassThatIsNotTrainedOn() throws IOException {
        write("test/bird/1.png", 1);

        assertFails("%s: a class without training images; expected: one of those in " + file("train"), "test/bird");
    }

    @Test
    void aClassMayHaveNoTestImages() throws IOException {
        write("train/bird/1.png", 1);

        assertThat(read(0).classNames()).containsExactly("bird", "cat", "dog");
        assertThat(read(0).heldOut().labels()).containsExactly(1, 2, 1, 1);
    }

    @Test
    void namesAnEmptyClass() throws IOException {
        Files.createDirectory(file("train/bird"));

        assertFails("%s: empty; expected: at least one image", "train/bird");
    }

    @Test
    void namesWhatIsNoFolderAndWhatIsNoImage() throws IOException {
        Files.writeString(file("train/dog/notes.txt"), "x");
        assertFails("%s: expected: an image file that ends in .png, .jpg or .jpeg", "train/dog/notes.txt");
        Files.delete(file("train/dog/notes.txt"));
        Files.createDirectory(file("train/dog/more.png"));
        assertFails("%s: expected: an image file that ends in .png, .jpg or .jpeg", "train/dog/more.png");
        Files.delete(file("train/dog/more.png"));
        Files.writeString(file("train/loose.png"), "x");
        assertFails("%s: a file; expected: one folder for each class", "train/loose.png");
    }

    @Test
    void namesAFileThatCannotBeRead() throws IOException {
        Files.writeString(file("train/dog/b.png"), "no image");

        assertFails("%s: cannot be read as an image: its content is neither PNG nor JPEG", "train/dog/b.png");
    }

    @Test
    void namesASplitWithoutClasses() throws IOException {
        for (String name : new String[] {"cat/1.png", "cat/2.png", "cat/3.png", "dog/1.png", "cat", "dog"}) {
            Files.delete(file("test").resolve(name));
        }
        assertFails("%s: empty; expected: one folder for each class", "test");
    }

    private DataSet read(int imageSize) throws IOException {
        return folder.read(directory, imageSize);
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private void write(String name, int shade) throws IOException {
        MadeFiles.image(file(name), 2, 3, 1, shade);
    }

    private void assertFails(String message, String name) {
        assertThatIOException().isThrownBy(() -> read(0)).withMessage(message, file(name));
    }

    private static int[] shades(LabeledImages images) {
        int[] shades = new int[images.count()];
        for (int image = 0; image < shades.length; image++) {
            shades[image] = images.pixels()[image * images.bytesPerImage()];
        }
        return shades;
    }
}

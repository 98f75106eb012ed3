package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetsTest {

    private static final byte SHADE = 77;

    @TempDir Path directory;

    private final List<String> asked = new ArrayList<>();

    /** Says that it was asked, then writes files of a shade, or fails. */
    private record FakeSource(String description, Optional<Byte> shade, List<String> asked) implements DataSource {

        @Override
        public Path fetch(Path workspace) throws IOException {
            asked.add(description);
            return MadeFiles.write(workspace.resolve("inner"), shade.orElseThrow(() -> new IOException("is down")));
        }
    }

    @Test
    void knowsSixNames() {
        assertThat(DataSets.names())
                .containsExactly("cifar10", "cifar100", "fashion-mnist", "image-folder", "mnist", "tiny-imagenet");
        assertThatIllegalArgumentException().isThrownBy(() -> new DataSets(Optional.empty(), directory).load("x"))
                .withMessage("data.name: 'x' is not known; allowed: "
                        + "cifar10, cifar100, fashion-mnist, image-folder, mnist, tiny-imagenet");
    }

    @Test
    void theDefaultCacheIsInTheHomeDirectory() {
        assertThat(DataSets.defaultCache()).endsWithRaw(Path.of(".cache", "sparring"));
    }

    @Test
    void loadsBothSplits() throws Exception {
        DataSet set = load(Optional.empty(), working("web"));

        assertThat(set.name()).isEqualTo("set");
        assertThat(set.classNames()).containsExactly("a", "b");
        assertThat(set.training()).hasToString("2 images of 2 x 3 x 1 in 2 classes");
        assertThat(set.training().pixels()[0]).isEqualTo(SHADE);
        assertThat(set.training().labels()).containsExactly(1, 0);
        assertThat(set.heldOut()).hasToString("1 images of 2 x 3 x 1 in 2 classes");
    }

    @Test
    void fetchesOnceThenTakesTheCache() throws Exception {
        load(Optional.empty(), working("web"));
        load(Optional.empty(), working("web"));

        assertThat(asked).containsExactly("web");
        assertThat(cache().resolve("set")).isDirectoryContaining(file -> file.endsWith("train-images"));
    }

    @Test
    void asksTheSourcesInOrderUntilOneHasTheFiles() throws Exception {
        load(Optional.empty(), failing("web"), working("package"), working("other package"));

        assertThat(asked).containsExactly("web", "package");
    }

    @Test
    void passesOverASourceWhoseFilesHaveAnotherSum() throws Exception {
        DataSet set = load(Optional.empty(), wrong("web"), working("package"));

        assertThat(asked).containsExactly("web", "package");
        assertThat(set.training().pixels()[0]).isEqualTo(SHADE);
    }

    @Test
    void replacesACacheWhoseFilesHaveAnotherSum() throws Exception {
        MadeFiles.write(cache().resolve("set"), (byte) 1);

        assertThat(load(Optional.empty(), working("web")).training().pixels()[0]).isEqualTo(SHADE);
        assertThat(load(Optional.empty(), failing("web")).training().pixels()[0]).isEqualTo(SHADE);
        assertThat(asked).containsExactly("web");
    }

    @Test
    void listsEveryWayThatWasTriedAndSaysWhatToDo() {
        assertThatIOException().isThrownBy(() -> load(Optional.empty(), failing("web"), wrong("package")))
                .withMessageMatching(("""
                        data set set cannot be had. Tried:
                          - the cache \\S+set: \\S+train-images: not there, nor with .gz
                          - web: is down
                          - package: \\S+train-images: its content has the MD5 sum \\w{32}; expected: \\w{32}
                        Give its files with --data DIR, each as it is or as .gz: train-images, train-labels, \
                        test-images, test-labels""").replace("\n", "\\R"));
        assertThat(asked).containsExactly("web", "package");
    }

    @Test
    void theGivenDirectoryBeatsTheCache() throws Exception {
        load(Optional.empty(), working("web"));
        asked.clear();
        Files.delete(cache().resolve("set/train-images"));
        Path given = MadeFiles.write(directory.resolve("given"), SHADE);

        assertThat(load(Optional.of(given), failing("web")).training().pixels()[0]).isEqualTo(SHADE);
        assertThat(asked).isEmpty();
        assertThat(cache().resolve("set/train-images")).doesNotExist();
    }

    @Test
    void theGivenDirectoryMayHaveASubdirectoryOfTheName() throws Exception {
        MadeFiles.write(directory.resolve("given/set"), SHADE);

        assertThat(load(Optional.of(directory.resolve("given"))).training().count()).isEqualTo(2);
    }

    @Test
    void aWrongSumInTheGivenDirectoryNamesTheFile() throws Exception {
        Path given = MadeFiles.write(directory.resolve("given"), (byte) 1);

        assertThatIOException().isThrownBy(() -> load(Optional.of(given), working("web")))
                .withMessageContaining("%s: its content has the MD5 sum ", given.resolve("train-images"));
        assertThat(asked).isEmpty();
    }

    @Test
    void aGivenDirectoryWithoutTheFilesIsAnErrorThatSaysWhichItWants() {
        Path given = directory.resolve("given");

        assertThatIOException().isThrownBy(() -> load(Optional.of(given), working("web"))).withMessage(
                "--data %s: %s: no such directory. It must hold, there or in its sub-directory set, each as it is "
                        + "or as .gz: train-images, train-labels, test-images, test-labels", given, given);
        assertThat(asked).isEmpty();
    }

    @Test
    void imagesThatHaveOneSizeAreNotResized() {
        assertThatIllegalArgumentException().isThrownBy(() -> new DataSets(Optional.empty(), cache()).load("mnist", 32))
                .withMessage("data.imageSize: '32' is not allowed; "
                        + "allowed: 0 where data.name is mnist, whose images have one size");
    }

    @Test
    void aDataSetOfOnesOwnCanOnlyBeGiven() {
        assertThatIOException().isThrownBy(() -> new DataSets(Optional.empty(), cache()).load("image-folder"))
                .withMessage("data set image-folder is published nowhere. Give it with --data DIR, which must hold "
                        + "train/<class>/* and test/<class>/*: PNG or JPEG files, one folder for each class");
        Path given = directory.resolve("given");
        assertThatIOException().isThrownBy(() -> new DataSets(Optional.of(given), cache()).load("image-folder"))
                .withMessage("--data %s: %s: no such directory. It must hold, there or in its sub-directory image-folder, "
                        + "train/<class>/* and test/<class>/*: PNG or JPEG files, one folder for each class", given, given);
    }

    @Test
    void theFolderOfOnesOwnIsRead() throws Exception {
        for (String split : List.of("train", "test")) {
            for (int shade = 0; shade < 2; shade++) {
                MadeFiles.image(directory.resolve("given").resolve(split).resolve("c" + shade).resolve("a.png"), 4, 6, 1, shade);
            }
        }
        DataSets sets = new DataSets(Optional.of(directory.resolve("given")), cache());

        assertThat(sets.load("image-folder").training()).hasToString("2 images of 4 x 6 x 1 in 2 classes");
        assertThat(sets.load("image-folder", 2).heldOut()).hasToString("2 images of 2 x 2 x 1 in 2 classes");
    }

    private DataSet load(Optional<Path> given, DataSource... sources) throws IOException, InterruptedException {
        DataSetDescription description = MadeFiles.description("set", SHADE, List.of(sources));
        return new DataSets(given, cache(), List.of(description)).load("set");
    }

    private Path cache() {
        return directory.resolve("cache");
    }

    private DataSource working(String name) {
        return new FakeSource(name, Optional.of(SHADE), asked);
    }

    private DataSource wrong(String name) {
        return new FakeSource(name, Optional.of((byte) 1), asked);
    }

    private DataSource failing(String name) {
        return new FakeSource(name, Optional.empty(), asked);
    }
}

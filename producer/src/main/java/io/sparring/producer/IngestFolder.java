package io.sparring.producer;

import io.sparring.pipeline.Setting;
import io.sparring.schemas.IncomingImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Images of a folder for the topic {@code incoming-images}: a folder of PNG and JPEG files for each class, as torchvision's
 * {@code ImageFolder} reads it. All files are read before the first is given away.
 */
public final class IngestFolder {

    private final Path directory;
    private final ExpectedImages expected;
    private final List<LabeledFile> files = new ArrayList<>();
    private final List<String> bad = new ArrayList<>();

    private IngestFolder(Path directory, ExpectedImages expected) {
        this.directory = directory;
        this.expected = expected;
    }

    /**
     * Reads all files, and keeps none of their pixels.
     *
     * @param classNames of the run, in the order of its labels; empty where they are not known: then there has to be a folder for
     *     each class, in the order of their names
     * @param skipBad whether files that cannot be used are left out
     * @throws IOException if one of the files cannot be used and is not left out, naming it; or if a folder is of no class of the
     *     run
     */
    public static IngestFolder read(Path directory, ExpectedImages expected, List<String> classNames, boolean skipBad)
            throws IOException {
        Setting.require(classNames.isEmpty() || classNames.size() == expected.classes(), "--classes",
                String.join(",", classNames), "as many names as the run has classes, " + expected.classes());
        IngestFolder folder = new IngestFolder(directory, expected);
        List<String> names = ImageFiles.folders(directory);
        for (String name : names) {
            int label = label(directory.resolve(name), name, names, classNames, expected.classes());
            for (Path file : ImageFiles.entries(directory.resolve(name))) {
                folder.add(new LabeledFile(file, label), skipBad);
            }
        }
        return folder;
    }

    private static int label(Path folder, String name, List<String> folders, List<String> classNames, int classes)
            throws IOException {
        if (classNames.contains(name)) {
            return classNames.indexOf(name);
        }
        if (!classNames.isEmpty() && name.matches("[0-9]{1,9}") && Integer.parseInt(name) < classes) {
            return Integer.parseInt(name);
        }
        if (classNames.isEmpty() && folders.size() == classes) {
            return folders.indexOf(name);
        }
        throw new IOException(folder + ": a folder of no class; allowed: " + (classNames.isEmpty()
                ? "one for each of the run's " + classes + " classes, or --classes, which names them"
                : String.join(", ", classNames) + ", or 0 to " + (classes - 1)));
    }

    private void add(LabeledFile file, boolean skipBad) throws IOException {
        try {
            image(file);
            files.add(file);
        } catch (IOException e) {
            if (!skipBad) {
                throw e;
            }
            bad.add(e.getMessage());
        }
    }

    private IncomingImage image(LabeledFile file) throws IOException {
        if (!Files.isRegularFile(file.file())) {
            throw new IOException(file.file() + ": no file; allowed: PNG and JPEG files");
        }
        DecodedImage image = DecodedImage.of(file.file().toString(), Files.readAllBytes(file.file()), expected.form());
        return new IncomingImage(file.label(), expected.height(), expected.width(), expected.channels(),
                ByteBuffer.wrap(image.pixels()), directory.relativize(file.file()).toString());
    }

    /** Gives all images, class by class, each class in the order of its files' names. */
    public void forEach(Consumer<IncomingImage> taker) throws IOException {
        for (LabeledFile file : files) {
            taker.accept(image(file));
        }
    }

    /** How many images there are. */
    public int images() {
        return files.size();
    }

    /** How many images there are of each label. */
    public Map<Integer, Integer> counts() {
        Map<Integer, Integer> counts = new TreeMap<>();
        files.forEach(file -> counts.merge(file.label(), 1, Integer::sum));
        return counts;
    }

    /** What is wrong with each file that was left out, naming it. */
    public List<String> bad() {
        return Collections.unmodifiableList(bad);
    }
}

package io.sparring.producer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Anybody's images: a folder {@code train} and a folder {@code test}, in each one folder of PNG or JPEG files for each class.
 * Classes and images are in the order of their names; the test images go round the classes, so that the first few of them are
 * of all. They are grey if all are, else in colour; they have one size, or are resized to one.
 */
record ImageFolder() implements DataSetDescription {

    private static final String TRAINING = "train";
    private static final String TEST = "test";

    @Override
    public String name() {
        return "image-folder";
    }

    @Override
    public String contents() {
        return "train/<class>/* and test/<class>/*: PNG or JPEG files, one folder for each class";
    }

    @Override
    public List<RawFile> files() {
        return List.of();
    }

    @Override
    public List<DataSource> sources() {
        return List.of();
    }

    @Override
    public boolean resizable() {
        return true;
    }

    @Override
    public void verify(Path directory) throws IOException {
        for (String split : List.of(TRAINING, TEST)) {
            if (!Files.isDirectory(directory.resolve(split))) {
                throw new NotDirectoryException(directory.resolve(split) + ": no such folder");
            }
        }
    }

    @Override
    public DataSet read(Path directory, int imageSize) throws IOException {
        List<String> classes = ImageFiles.folders(directory.resolve(TRAINING));
        for (String tested : ImageFiles.folders(directory.resolve(TEST))) {
            if (!classes.contains(tested)) {
                throw new IOException("%s: a class without training images; expected: one of those in %s"
                        .formatted(directory.resolve(TEST).resolve(tested), directory.resolve(TRAINING)));
            }
        }
        List<LabeledFile> training = byClass(directory.resolve(TRAINING), classes).stream().flatMap(List::stream).toList();
        List<LabeledFile> test = inTurn(byClass(directory.resolve(TEST), classes));
        ImageForm form = form(Stream.concat(training.stream(), test.stream()).map(LabeledFile::file).toList(), imageSize);
        return new DataSet(name(), classes, ImageFiles.read(training, form, imageSize > 0, classes.size()),
                ImageFiles.read(test, form, imageSize > 0, classes.size()));
    }

    /** A list for each class, which has nothing if the split has no folder for it. */
    private static List<List<LabeledFile>> byClass(Path split, List<String> classes) throws IOException {
        List<List<LabeledFile>> files = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            int known = label;
            Path folder = split.resolve(classes.get(label));
            List<Path> images = Files.exists(folder) ? ImageFiles.images(folder) : List.of();
            files.add(images.stream().map(file -> new LabeledFile(file, known)).toList());
        }
        return files;
    }

    /** The first of each class, the second of each that has one, and so on. */
    private static List<LabeledFile> inTurn(List<List<LabeledFile>> byClass) {
        List<LabeledFile> files = new ArrayList<>();
        int most = byClass.stream().mapToInt(List::size).max().orElse(0);
        for (int place = 0; place < most; place++) {
            for (List<LabeledFile> one : byClass) {
                if (place < one.size()) {
                    files.add(one.get(place));
                }
            }
        }
        return files;
    }

    /** What all images have in common, from their headers. */
    private static ImageForm form(List<Path> files, int imageSize) throws IOException {
        ImageForm common = DecodedImage.form(files.get(0));
        for (Path file : files) {
            ImageForm form = DecodedImage.form(file);
            common = form.channels() == 3 ? common.inColour() : common;
            ImageFiles.check(file, form, common, imageSize > 0);
        }
        return imageSize > 0 ? common.square(imageSize) : common;
    }
}

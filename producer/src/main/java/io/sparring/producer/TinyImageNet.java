package io.sparring.producer;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tiny ImageNet (Le, Yang: Tiny ImageNet Visual Recognition Challenge, 2015), 64 x 64 images in colour, from its archive or from
 * the folder that the archive unpacks to. The classes are in the order of their WordNet identifiers, as PyTorch's
 * {@code ImageFolder} has them. The test split is the published validation split, for which there are labels.
 *
 * @param classes how many classes there are
 * @param imagesOfAClass how many training images each class has
 * @param testImages how many test images there are
 * @param archive the archive's name and sum
 */
record TinyImageNet(int classes, int imagesOfAClass, int testImages, RawFile archive) implements DataSetDescription {

    /** As published: of the archive's sum the many programs that fetch it agree. */
    static final TinyImageNet PUBLISHED =
            new TinyImageNet(200, 500, 10_000, new RawFile("tiny-imagenet-200.zip", "90528d7ca1a48142e341f4ef8d21d0de"));

    private static final ImageForm FORM = new ImageForm(64, 64, 3);
    private static final String FOLDER = "tiny-imagenet-200";
    private static final String CLASSES = "wnids.txt";

    @Override
    public String name() {
        return "tiny-imagenet";
    }

    @Override
    public String contents() {
        return archive.name() + ", or what is in it: wnids.txt, words.txt, train/<wnid>/images/*.JPEG, "
                + "val/val_annotations.txt and val/images/*.JPEG";
    }

    @Override
    public List<RawFile> files() {
        return List.of(archive);
    }

    @Override
    public List<DataSource> sources() {
        return List.of(new WebFilesSource(URI.create("http://cs231n.stanford.edu/"), List.of(archive.name())));
    }

    @Override
    public boolean resizable() {
        return true;
    }

    @Override
    public void verify(Path directory) throws IOException {
        if (!Files.exists(unpacked(directory).resolve(CLASSES))) {
            archive.verify(directory);
        }
    }

    @Override
    public DataSet read(Path directory, int imageSize) throws IOException {
        Path folder = unpacked(directory);
        if (Files.exists(folder.resolve(CLASSES))) {
            return readFolder(folder, imageSize);
        }
        try (FileSystem packed = FileSystems.newFileSystem(archive.in(directory))) {
            return readFolder(packed.getPath(FOLDER), imageSize);
        }
    }

    private static Path unpacked(Path directory) {
        return Files.isDirectory(directory.resolve(FOLDER)) ? directory.resolve(FOLDER) : directory;
    }

    private DataSet readFolder(Path folder, int imageSize) throws IOException {
        List<String> identifiers = lines(folder.resolve(CLASSES)).stream().sorted().distinct().toList();
        expect(folder.resolve(CLASSES), identifiers.size(), classes, "classes");
        ImageForm form = imageSize > 0 ? FORM.square(imageSize) : FORM;
        return new DataSet(name(), names(folder.resolve("words.txt"), identifiers),
                ImageFiles.read(training(folder.resolve("train"), identifiers), form, imageSize > 0, classes),
                ImageFiles.read(test(folder.resolve("val"), identifiers), form, imageSize > 0, classes));
    }

    private List<LabeledFile> training(Path folder, List<String> identifiers) throws IOException {
        List<LabeledFile> files = new ArrayList<>();
        for (int label = 0; label < identifiers.size(); label++) {
            Path images = folder.resolve(identifiers.get(label)).resolve("images");
            for (Path file : ImageFiles.images(images)) {
                files.add(new LabeledFile(file, label));
            }
            expect(images, files.size() - label * imagesOfAClass, imagesOfAClass, "images");
        }
        return files;
    }

    private List<LabeledFile> test(Path folder, List<String> identifiers) throws IOException {
        Path annotations = folder.resolve("val_annotations.txt");
        Map<String, Integer> labels = new HashMap<>();
        for (String line : lines(annotations)) {
            String[] fields = line.split("\t");
            int label = fields.length < 2 ? -1 : identifiers.indexOf(fields[1]);
            if (label < 0) {
                throw new IOException("%s: '%s'; expected: a file, a tab and one of the classes of %s"
                        .formatted(annotations, line, CLASSES));
            }
            labels.put(fields[0], label);
        }
        List<LabeledFile> files = new ArrayList<>();
        for (Path file : ImageFiles.images(folder.resolve("images"))) {
            Integer label = labels.get(file.getFileName().toString());
            if (label == null) {
                throw new IOException("%s: not in %s".formatted(file, annotations));
            }
            files.add(new LabeledFile(file, label));
        }
        expect(folder.resolve("images"), files.size(), testImages, "images");
        return files;
    }

    private static List<String> names(Path words, List<String> identifiers) throws IOException {
        Map<String, String> known = new HashMap<>();
        for (String line : lines(words)) {
            int tab = line.indexOf('\t');
            known.put(tab < 0 ? line : line.substring(0, tab), line.substring(tab + 1));
        }
        for (String identifier : identifiers) {
            if (!known.containsKey(identifier)) {
                throw new IOException("%s: no line for %s; expected: one for each class".formatted(words, identifier));
            }
        }
        return identifiers.stream().map(known::get).toList();
    }

    private static void expect(Path where, int found, int expected, String what) throws IOException {
        if (found != expected) {
            throw new IOException("%s: %d %s; expected: %d".formatted(where, found, what, expected));
        }
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file).stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
        } catch (IOException e) {
            throw new IOException("%s: cannot be read: %s".formatted(file, e), e);
        }
    }
}

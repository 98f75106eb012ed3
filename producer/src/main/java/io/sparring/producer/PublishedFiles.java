package io.sparring.producer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A data set whose splits are a few files each, which a reader knows.
 *
 * @param training the files of the training split, in the order of the reader
 * @param heldOut the files of the test split, in the order of the reader
 * @param reader what reads a split
 */
record PublishedFiles(String name, List<String> classNames, List<RawFile> training, List<RawFile> heldOut, ImageReader reader,
        List<DataSource> sources) implements DataSetDescription {

    @Override
    public List<RawFile> files() {
        return Stream.concat(training.stream(), heldOut.stream()).toList();
    }

    @Override
    public String contents() {
        return "each as it is or as .gz: " + files().stream().map(RawFile::name).collect(Collectors.joining(", "));
    }

    @Override
    public boolean resizable() {
        return false;
    }

    @Override
    public void verify(Path directory) throws IOException {
        for (RawFile file : files()) {
            file.verify(directory);
        }
    }

    @Override
    public DataSet read(Path directory, int imageSize) throws IOException {
        return new DataSet(name, classNames, read(directory, training), read(directory, heldOut));
    }

    private LabeledImages read(Path directory, List<RawFile> files) throws IOException {
        List<Path> paths = new ArrayList<>();
        for (RawFile file : files) {
            paths.add(file.in(directory));
        }
        return reader.read(paths);
    }
}

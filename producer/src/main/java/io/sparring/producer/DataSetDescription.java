package io.sparring.producer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known of a data set before its files are there.
 *
 * @param name its name in the run specification
 * @param classNames the name of each class, in the order of the labels
 * @param training the files of the training split, in the order of the reader
 * @param heldOut the files of the test split, in the order of the reader
 * @param reader what reads a split
 * @param sources the ways to fetch the files, in the order in which to try them
 */
record DataSetDescription(String name, List<String> classNames, List<RawFile> training, List<RawFile> heldOut,
        ImageReader reader, List<DataSource> sources) {

    /** The files of both splits. */
    List<RawFile> files() {
        return Stream.concat(training.stream(), heldOut.stream()).toList();
    }

    /** The names of the files, for messages. */
    String fileNames() {
        return files().stream().map(RawFile::name).collect(Collectors.joining(", "));
    }

    /** @throws IOException if a file is not in the directory, cannot be read or has another sum than the official one */
    void verify(Path directory) throws IOException {
        for (RawFile file : files()) {
            file.verify(directory);
        }
    }

    /** Reads both splits from files that are in a directory, as they are or as {@code .gz}. */
    DataSet read(Path directory) throws IOException {
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

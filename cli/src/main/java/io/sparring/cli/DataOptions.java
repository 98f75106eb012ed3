package io.sparring.cli;

import io.sparring.producer.DataSets;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where data sets come from. */
final class DataOptions {

    @Option(names = "--data", paramLabel = "DIR",
            description = "A folder with the data set's official files, or with train and test folders of images "
                    + "(default: the cache, else they are fetched).")
    private Path directory;

    DataSets dataSets() {
        return new DataSets(Optional.ofNullable(directory), DataSets.defaultCache());
    }

    /** The same option for another process. */
    Optional<Path> directory() {
        return Optional.ofNullable(directory).map(Path::toAbsolutePath);
    }
}

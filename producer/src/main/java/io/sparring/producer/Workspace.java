package io.sparring.producer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A temporary directory for one attempt to fetch files, deleted with all that is in it when closed.
 *
 * @param directory empty at first
 */
record Workspace(Path directory) implements AutoCloseable {

    static Workspace open(String dataSet) throws IOException {
        return new Workspace(Files.createTempDirectory("sparring-" + dataSet + "-"));
    }

    @Override
    public void close() throws IOException {
        List<Path> inside;
        try (Stream<Path> walk = Files.walk(directory)) {
            inside = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : inside) {
            Files.deleteIfExists(path);
        }
    }
}

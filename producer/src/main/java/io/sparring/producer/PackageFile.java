package io.sparring.producer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds what a package program has downloaded: how it forms the file's name from the package's is its own affair. */
final class PackageFile {

    private PackageFile() {}

    /**
     * The name of the one file in a directory that ends so.
     *
     * @throws IOException if there is none, or more than one
     */
    static String in(Path directory, String ending) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending)).toList();
            if (names.size() != 1) {
                throw new IOException("%s: %d files end in %s; expected: one".formatted(directory, names.size(), ending));
            }
            return names.get(0);
        }
    }
}

package io.sparring.producer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The directory in which the files of one data set are kept, uncompressed. Any number of processes may use it at once: a file
 * appears whole or not at all.
 *
 * @param directory made when the first file is kept
 */
record DataCache(Path directory) {

    /**
     * Keeps files whose sums have been verified; one that is there already is replaced.
     *
     * @throws IOException if a file cannot be written; it names the cache
     */
    void keep(Path from, List<RawFile> files) throws IOException {
        try {
            Files.createDirectories(directory);
            for (RawFile file : files) {
                keep(from, file);
            }
        } catch (IOException e) {
            throw new IOException("%s: cannot keep the files there: %s".formatted(directory, e), e);
        }
    }

    private void keep(Path from, RawFile file) throws IOException {
        Path partial = Files.createTempFile(directory, "." + file.name(), ".part");
        try {
            Files.write(partial, RawFile.content(file.in(from)));
            Files.move(partial, directory.resolve(file.name()), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
    }
}

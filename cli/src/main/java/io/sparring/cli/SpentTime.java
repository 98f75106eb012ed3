package io.sparring.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Wall time that several processes, one after another, have spent on something, kept in a file. */
final class SpentTime {

    /** What it is kept in. */
    static final String FILE = "seconds.txt";

    private final Path file;

    SpentTime(Path folder) {
        this.file = folder.resolve(FILE);
    }

    /** Something that takes time. */
    interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    /** Does the work and adds the time that it took, however it ends. */
    <T> T spend(Work<T> work) throws IOException, InterruptedException {
        double before = seconds();
        long start = System.nanoTime();
        try {
            return work.run();
        } finally {
            Files.writeString(file, Double.toString(before + (System.nanoTime() - start) / 1e9));
        }
    }

    double seconds() throws IOException {
        return Files.exists(file) ? Double.parseDouble(Files.readString(file).strip()) : 0;
    }
}

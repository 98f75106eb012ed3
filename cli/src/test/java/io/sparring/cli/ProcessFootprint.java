package io.sparring.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process holds at a moment, as Linux' {@code /proc} tells it.
 *
 * @param resident memory in RAM, KiB
 * @param threads of the process
 * @param files that are open, sockets among them
 */
record ProcessFootprint(long resident, long threads, long files) {

    static ProcessFootprint of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            return new ProcessFootprint(status(process, "VmRSS:"), status(process, "Threads:"), files.count());
        }
    }

    /** The larger of each. */
    ProcessFootprint atLeast(ProcessFootprint other) {
        return new ProcessFootprint(Math.max(resident, other.resident), Math.max(threads, other.threads),
                Math.max(files, other.files));
    }

    private static long status(Path process, String name) throws IOException {
        return Files.readAllLines(process.resolve("status")).stream().filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst()
                .orElseThrow(() -> new IOException("no " + name + " in " + process.resolve("status")));
    }
}

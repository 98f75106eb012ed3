package io.sparring.producer;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs other programs.
 *
 * @param directory the directory they run in
 * @param timeout how long each may run before it is killed
 */
record ExternalCommand(Path directory, Duration timeout) {

    private static final int LINES_KEPT = 12;

    /**
     * Runs a program to its end.
     *
     * @throws IOException if it is not there, takes too long or exits with anything but 0; it has the command and the last
     *     lines of its output
     */
    void run(String... command) throws IOException, InterruptedException {
        // into a file: a pipe that nobody reads would fill up and stop the program
        Path output = Files.createTempFile("sparring-command-", ".out");
        try {
            run(List.of(command), output.toFile());
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private void run(List<String> command, File output) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(directory.toFile())
                .redirectErrorStream(true).redirectOutput(output).start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("'%s' took more than %d ms%s"
                        .formatted(String.join(" ", command), timeout.toMillis(), lastLines(output)));
            }
            if (process.exitValue() != 0) {
                throw new IOException("'%s' exited with %d%s"
                        .formatted(String.join(" ", command), process.exitValue(), lastLines(output)));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static String lastLines(File output) throws IOException {
        // ISO-8859-1 because it accepts all bytes
        List<String> lines = Files.readAllLines(output.toPath(), StandardCharsets.ISO_8859_1).stream()
                .filter(line -> !line.isBlank()).toList();
        List<String> last = lines.subList(Math.max(0, lines.size() - LINES_KEPT), lines.size());
        return last.isEmpty() ? "" : ": " + String.join("; ", last);
    }
}

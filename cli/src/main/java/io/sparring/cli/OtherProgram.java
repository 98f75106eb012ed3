package io.sparring.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A program that is not ours, run to its end for what it prints. */
public final class OtherProgram {

    private final Process process;
    private final List<String> command;

    private OtherProgram(Process process, List<String> command) {
        this.process = process;
        this.command = command;
    }

    /** Starts it; what it writes to its standard error is taken with its output. */
    public static OtherProgram start(List<String> command) throws IOException {
        OtherProgram program = new OtherProgram(new ProcessBuilder(command).redirectErrorStream(true).start(), command);
        program.process.getOutputStream().close();
        return program;
    }

    /** Runs it to its end. */
    public static String run(List<String> command) throws IOException, InterruptedException {
        return start(command).output();
    }

    /**
     * All that it prints; it does not outlive this call.
     *
     * @throws IOException unless its exit code is 0
     */
    public String output() throws IOException, InterruptedException {
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException("the other program ended with exit code " + code + ": " + String.join(" ", command)
                        + System.lineSeparator() + output);
            }
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Ends it early. */
    public void kill() {
        process.destroyForcibly();
    }
}

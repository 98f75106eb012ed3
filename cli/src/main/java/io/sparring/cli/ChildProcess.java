package io.sparring.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A JVM of our own beside this one. It never outlives this one, however this one ends; a Ctrl-C typed at the terminal does
 * not reach it, so that this one decides in which order things stop.
 */
public final class ChildProcess implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(15);

    private static final int SHOWN_LINES = 15;

    private static final int SHOWN_BYTES = 16 * 1024;

    private final ChildCommand command;
    private final Process process;
    private final long logStart;
    private final CompletableFuture<Integer> exitCode;
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final Thread reader;

    private ChildProcess(ChildCommand command, Process process, long logStart) {
        this.command = command;
        this.process = process;
        this.logStart = logStart;
        this.exitCode = process.onExit().thenApply(Process::exitValue);
        this.reader = new Thread(this::readOutput, command.name() + "-output");
        reader.setDaemon(true);
        reader.start();
    }

    public static ChildProcess start(ChildCommand command) throws IOException {
        Files.createDirectories(command.log().toAbsolutePath().getParent());
        long logStart = Files.exists(command.log()) ? Files.size(command.log()) : 0;
        return new ChildProcess(command, command.processBuilder().start(), logStart);
    }

    public String name() {
        return command.name();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public Path log() {
        return command.log();
    }

    /** The exit code, once the process has ended: 128 + n after signal n. */
    public CompletableFuture<Integer> exitCode() {
        return exitCode.copy();
    }

    /**
     * Waits until the child has said {@link ParentProcess#tellReady} and returns the detail. A child that ends before, or is
     * not ready in time and is then stopped, is a {@link ChildFailedException}.
     */
    public String awaitReady(Duration limit) throws InterruptedException {
        try {
            CompletableFuture.anyOf(ready, exitCode).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            close();
            throw failure("was not ready within " + limit.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        if (!ready.isDone()) {
            reader.join(GRACE.toMillis());
            throw failure("ended with exit code " + exitCode.join() + " before it was ready");
        }
        return ready.join();
    }

    /** An error about this child, ending with the last lines it has logged. */
    public ChildFailedException failure(String what) {
        return new ChildFailedException("the " + name() + " " + what, lastLogLines(), log());
    }

    /** Asks it to end (SIGTERM), waits, and if need be forces it. Says whether it ended by itself. */
    public boolean stop(Duration grace) {
        // not Process.destroy(), which closes the streams and so loses the child's last words
        process.toHandle().destroy();
        try {
            exitCode.get(grace.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            // forced below
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        kill();
        return false;
    }

    /** Sends it a signal, such as STOP or CONT. */
    public void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
        if (code != 0) {
            throw new IOException("SIG" + name + " cannot be sent to the " + name());
        }
    }

    /** Ends it at once (SIGKILL) and returns when it is gone. */
    public void kill() {
        process.toHandle().destroyForcibly();
        exitCode.join();
    }

    @Override
    public void close() {
        stop(GRACE);
    }

    private void readOutput() {
        try (BufferedReader output = process.inputReader();
                Writer log = Files.newBufferedWriter(log(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                log.write(line + System.lineSeparator());
                log.flush();
                if (line.startsWith(ParentProcess.READY)) {
                    ready.complete(line.substring(ParentProcess.READY.length()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the output of the " + name() + " cannot be kept in " + log(), e);
        }
    }

    private List<String> lastLogLines() {
        try (RandomAccessFile log = new RandomAccessFile(log().toFile(), "r")) {
            log.seek(Math.max(logStart, log.length() - SHOWN_BYTES));
            byte[] bytes = new byte[(int) (log.length() - log.getFilePointer())];
            log.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
        } catch (IOException e) {
            return List.of("(cannot be read: " + e.getMessage() + ")");
        }
    }
}

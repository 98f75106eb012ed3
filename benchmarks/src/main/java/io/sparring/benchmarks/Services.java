package io.sparring.benchmarks;

import io.sparring.cli.ChildCommand;
import io.sparring.cli.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Processes of a run on this machine, and the processor time that each has used. */
final class Services implements AutoCloseable {

    private final Path folder;
    private final Map<String, ChildProcess> processes = new LinkedHashMap<>();

    /** @param folder for their logs */
    Services(Path folder) {
        this.folder = folder;
    }

    /** Starts one; its log is named after it. */
    void start(String name, List<String> jvmOptions, List<String> arguments) throws IOException {
        processes.put(name, ChildProcess.start(ChildCommand.sparring(name, folder.resolve(name + ".log"),
                arguments.toArray(String[]::new)).withJvmOptions(jvmOptions.toArray(String[]::new))));
    }

    /** @throws RuntimeException with the last lines of its log, if one has ended */
    void requireAlive() {
        for (ChildProcess process : processes.values()) {
            if (!process.isAlive()) {
                throw process.failure("ended with exit code " + process.exitCode().join());
            }
        }
    }

    /** Waits until one is ready. */
    void awaitReady(String name, Duration limit) throws InterruptedException {
        processes.get(name).awaitReady(limit);
    }

    /** Ends one at once, as a crash would; it is not among them any more. */
    void kill(String name) {
        processes.remove(name).kill();
    }

    /** Seconds of processor time that each has used since its start, in order of their starts. */
    Map<String, Double> processorSeconds() {
        Map<String, Double> seconds = new LinkedHashMap<>();
        processes.forEach((name, process) -> seconds.put(name, processorSeconds(process.pid())));
        return seconds;
    }

    /** Seconds of processor time of a process since its start; 0 if it has ended. */
    static double processorSeconds(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().totalCpuDuration())
                .map(duration -> duration.toNanos() / 1e9).orElse(0.0);
    }

    @Override
    public void close() {
        List<Thread> ends = new ArrayList<>();
        processes.values().forEach(process -> {
            Thread end = new Thread(process::close, "end-" + process.name());
            end.start();
            ends.add(end);
        });
        for (Thread end : ends) {
            try {
                end.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

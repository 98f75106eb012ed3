package io.sparring.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The services of a run on this machine, each a process of its own; one that dies is started again. */
final class ServiceProcesses implements AutoCloseable {

    /** One that keeps dying would otherwise be started for ever. */
    private static final int RESTARTS = 20;
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Map<ChildCommand, ChildProcess> processes = new LinkedHashMap<>();
    private final Consumer<String> say;
    private final int most;
    private int restarts;

    /** @param say is told what happens */
    ServiceProcesses(Consumer<String> say) {
        this(say, RESTARTS);
    }

    /** @param most how often, over all, one may be started again */
    ServiceProcesses(Consumer<String> say, int most) {
        this.say = say;
        this.most = most;
    }

    /** Starts a service; its log is named after it. */
    void start(String name, Path folder, List<String> arguments, String... jvmOptions) throws IOException {
        start(ChildCommand.sparring(name, folder.resolve(name + ".log"), arguments.toArray(String[]::new))
                .withJvmOptions(jvmOptions));
    }

    void start(ChildCommand command) throws IOException {
        processes.put(command, ChildProcess.start(command));
    }

    /**
     * Starts again what has died. One that has ended with 0 was told to, as by `sparring stop`, and is left so.
     *
     * @throws ChildFailedException if that has happened too often
     */
    void tend() throws IOException {
        tendAllBut(Set.of());
    }

    /** Starts again what has died, but for those whose names are given: somebody else looks after them. */
    void tendAllBut(Set<String> others) throws IOException {
        for (Map.Entry<ChildCommand, ChildProcess> entry : processes.entrySet()) {
            ChildProcess process = entry.getValue();
            if (!others.contains(process.name()) && !process.isAlive() && process.exitCode().join() != 0) {
                if (++restarts > most) {
                    throw process.failure("has died too often");
                }
                say.accept("the " + process.name() + " died with exit code " + process.exitCode().join()
                        + ", starting it again (its log: " + process.log() + ")");
                entry.setValue(ChildProcess.start(entry.getKey()));
            }
        }
    }

    /** How often one has been started again because it had died. */
    int restarts() {
        return restarts;
    }

    /** The process of this name, in its present life. */
    ChildProcess process(String name) {
        return processes.get(command(name));
    }

    /** Starts one again that somebody has ended, with more in the environment of this one life. */
    void startAgain(String name, Map<String, String> environment) throws IOException {
        ChildCommand command = command(name);
        ChildCommand life = command;
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            life = life.withEnvironment(variable.getKey(), variable.getValue());
        }
        processes.put(command, ChildProcess.start(life));
    }

    private ChildCommand command(String name) {
        return processes.keySet().stream().filter(command -> command.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no process " + name + "; there are "
                        + processes.keySet().stream().map(ChildCommand::name).toList()));
    }

    /** Whether all have ended as they were told to. */
    boolean ended() {
        return processes.values().stream().noneMatch(ChildProcess::isAlive);
    }

    /** Stops all at once and waits until they have ended. */
    @Override
    public void close() {
        List<Thread> stops = new ArrayList<>();
        for (ChildProcess process : processes.values()) {
            Thread stop = new Thread(() -> process.stop(GRACE), "stop-" + process.name());
            stop.start();
            stops.add(stop);
        }
        for (Thread stop : stops) {
            try {
                stop.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

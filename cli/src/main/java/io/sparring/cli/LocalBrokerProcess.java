package io.sparring.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A {@link LocalBroker} in a JVM of its own, which ends with this one. */
public final class LocalBrokerProcess implements AutoCloseable {

    /** After a SIGKILL its controller is started first, alone, and it has to look through the logs that it left open. */
    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    /**
     * The first compiler alone halves what a start costs and leaves the cores to learning; large records are copied and
     * summed by the same machine code with either. The last bounds what each of Kafka's threads keeps outside the heap.
     */
    private static final String[] JVM_OPTIONS = {"-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
        "-Djdk.nio.maxCachedBufferSize=1048576"};

    private final ChildProcess process;
    private final String bootstrapServers;

    private LocalBrokerProcess(ChildProcess process, String bootstrapServers) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Starts a broker on the data in a folder, which is made if it is not there, and returns when clients can use it. A
     * broker that does not start is a {@link ChildFailedException} that says why.
     *
     * @param port where it listens; 0 for the port used last in this folder, or else a free one
     */
    public static LocalBrokerProcess start(Path folder, int port) throws IOException, InterruptedException {
        ChildCommand command = ChildCommand.sparring("broker", folder.resolve("broker.log"),
                "broker", "--folder", folder.toString(), "--port", Integer.toString(port));
        ChildProcess process = ChildProcess.start(command.withJvmOptions(JVM_OPTIONS));
        try {
            return new LocalBrokerProcess(process, process.awaitReady(START_LIMIT));
        } catch (InterruptedException e) {
            process.kill();
            throw e;
        }
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public CompletableFuture<Integer> exitCode() {
        return process.exitCode();
    }

    public Path log() {
        return process.log();
    }

    /** Ends it at once, as a crash would. */
    public void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}

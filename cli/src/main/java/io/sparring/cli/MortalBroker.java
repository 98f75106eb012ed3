package io.sparring.cli;

import java.io.IOException;
import java.nio.file.Path;

/** A broker on a folder and ports that stay the same, however often it is killed. Used by one thread. */
final class MortalBroker implements AutoCloseable {

    private final Path folder;
    private LocalBrokerProcess process;

    private MortalBroker(Path folder, LocalBrokerProcess process) {
        this.folder = folder;
        this.process = process;
    }

    static MortalBroker start(Path folder) throws IOException, InterruptedException {
        return new MortalBroker(folder, LocalBrokerProcess.start(folder, 0));
    }

    String bootstrapServers() {
        return process.bootstrapServers();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it at once, as a crash would. */
    void kill() {
        process.kill();
    }

    /** Starts it again and returns when clients can use it. */
    void startAgain() throws IOException, InterruptedException {
        process = LocalBrokerProcess.start(folder, 0);
    }

    @Override
    public void close() {
        process.close();
    }
}

package io.sparring.cli;

import java.nio.file.Path;

/** A process that starts a broker and says which; for tests that kill it. */
final class BrokerOwner {

    private BrokerOwner() {
    }

    public static void main(String[] arguments) throws Exception {
        ParentProcess.endWithIt();
        try (LocalBrokerProcess broker = LocalBrokerProcess.start(Path.of(arguments[0]), 0)) {
            ParentProcess.tellReady(Long.toString(broker.pid()));
            broker.exitCode().join();
        }
    }
}

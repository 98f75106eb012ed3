package io.sparring.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the local broker until it is told to stop. */
@Command(name = "broker", mixinStandardHelpOptions = true,
        description = "Runs a Kafka broker for this machine, or as its settings say, until Ctrl-C or SIGTERM.")
final class BrokerCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--folder", paramLabel = "DIR", defaultValue = ".sparring/broker",
            description = "Where it keeps its data (default: ${DEFAULT-VALUE}).")
    private Path folder;

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "0",
            description = "Where it listens (default: the port used last in the folder, or else a free one).")
    private int port;

    @Option(names = "--config", paramLabel = "FILE",
            description = "Further broker properties, over Sparring's own: listeners, TLS, SASL, an authorizer. "
                    + "Clients come in by the listener CLIENTS.")
    private Path settings;

    @Option(names = "--users", paramLabel = "FILE",
            description = "The users of a new folder, as lines NAME=PASSWORD, each with credentials for SCRAM-SHA-512.")
    private Path users;

    @Override
    public Integer call() throws IOException {
        try (LocalBroker broker = LocalBroker.start(folder, port,
                settings == null ? Map.of() : LocalBrokerSettings.read(settings),
                users == null ? LocalBrokerUsers.none() : LocalBrokerUsers.read(users))) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(broker), "broker-close"));
            if (ParentProcess.present()) {
                ParentProcess.tellReady(broker.bootstrapServers());
            } else {
                spec.commandLine().getOut().println("Kafka is ready: bootstrap.servers=" + broker.bootstrapServers());
                spec.commandLine().getOut().flush();
            }
            broker.awaitShutdown();
        }
        return 0;
    }

    private static void close(LocalBroker broker) {
        try {
            broker.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.sparring.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A Kafka broker, and its controller, in this JVM, for clients on this machine. A fault that Kafka holds to be fatal ends
 * the JVM, so whoever has other things to do in it starts a {@link LocalBrokerProcess} instead.
 */
final class LocalBroker implements AutoCloseable {

    private final KafkaRaftServer server;
    private final LocalPorts ports;
    private final FileChannel lock;

    private LocalBroker(KafkaRaftServer server, LocalPorts ports, FileChannel lock) {
        this.server = server;
        this.ports = ports;
        this.lock = lock;
    }

    /**
     * Starts a broker on the data in a folder, which is made if it is not there, and returns when clients can use it.
     *
     * @param port where it listens; 0 for the port used last in this folder, or else a free one
     */
    static LocalBroker start(Path folder, int port) throws IOException {
        Path data = folder.toAbsolutePath().normalize().resolve("data");
        Files.createDirectories(data);
        FileChannel lock = lock(data.getParent());
        try {
            LocalPorts ports = LocalPorts.in(data.getParent(), port);
            ports.requireFree();
            if (!Files.exists(data.resolve("meta.properties"))) {
                format(data);
            }
            Map<String, String> settings = LocalBrokerSettings.of(data, ports);
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
            server.startup();
            return new LocalBroker(server, ports, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    String bootstrapServers() {
        return ports.bootstrapServers();
    }

    /** Returns when the broker has been closed. */
    void awaitShutdown() {
        server.awaitShutdown();
    }

    @Override
    public synchronized void close() throws IOException {
        if (lock.isOpen()) {
            server.shutdown();
            server.awaitShutdown();
            lock.close();
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel lock = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock.tryLock() == null) {
            lock.close();
            throw new IOException("another broker runs on the folder " + folder);
        }
        return lock;
    }

    private static void format(Path data) throws IOException {
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(LocalBrokerSettings.NODE)
                    .setControllerListenerName(LocalBrokerSettings.CONTROLLER_LISTENER)
                    .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    // it takes the only replica for unclean after a crash; without it, that replica leads on as before
                    .setFeatureLevel(Feature.ELIGIBLE_LEADER_REPLICAS_VERSION.featureName(), (short) 0)
                    .addDirectory(data.toString())
                    .setMetadataLogDirectory(data.toString())
                    .run();
        } catch (Exception e) {
            throw new IOException("the folder " + data + " cannot be formatted: " + e.getMessage(), e);
        }
    }
}

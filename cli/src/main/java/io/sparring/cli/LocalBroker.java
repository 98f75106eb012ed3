package io.sparring.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker, and its controller, in this JVM, for clients on this machine unless its settings say more. A fault that
 * Kafka holds to be fatal ends the JVM, so whoever has other things to do in it starts a {@link LocalBrokerProcess} instead.
 */
final class LocalBroker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalBroker.class);

    private static final String LOCK = "lock";

    private final KafkaRaftServer server;
    private final String bootstrapServers;
    private final FileChannel lock;

    private LocalBroker(KafkaRaftServer server, String bootstrapServers, FileChannel lock) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
        this.lock = lock;
    }

    /**
     * Starts a broker on the data in a folder, which is made if it is not there, and returns when clients can use it.
     *
     * @param port where it listens; 0 for the port used last in this folder, or else a free one
     * @param further settings over those of a local broker
     * @param users whom a new folder knows; one that has been used knows its own
     */
    static LocalBroker start(Path folder, int port, Map<String, String> further, LocalBrokerUsers users) throws IOException {
        Path data = folder.toAbsolutePath().normalize().resolve("data");
        Files.createDirectories(data);
        FileChannel lock = lock(data.getParent());
        try {
            LocalPorts ports = LocalPorts.in(data.getParent(), port);
            if (!further.containsKey("listeners")) {
                ports.requireFree();
            }
            Map<String, String> settings = LocalBrokerSettings.of(data, ports);
            settings.putAll(further);
            KafkaConfig config = new KafkaConfig(settings, false);
            if (!Files.exists(data.resolve("meta.properties"))) {
                format(data, users);
            } else {
                if (!users.isEmpty()) {
                    LOG.info("the folder {} has been used: its users are not changed", folder);
                }
                if (KilledBroker.in(data)) {
                    KilledBroker.fence(settings);
                }
            }
            KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
            server.startup();
            return new LocalBroker(server, bootstrapServers(config), lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Removes the data of a broker, if there are any.
     *
     * @throws IOException while one runs on them
     */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (FileChannel lock = lock(folder); Stream<Path> files = Files.list(folder)) {
            // the lock itself stays: two brokers with a lock each of the same name would both run
            for (Path file : files.filter(each -> !each.endsWith(LOCK)).toList()) {
                QuickstartCommand.delete(file);
            }
        }
    }

    String bootstrapServers() {
        return bootstrapServers;
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
        FileChannel lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isFree(lock)) {
            lock.close();
            throw new IOException("another broker runs on the folder " + folder);
        }
        return lock;
    }

    private static boolean isFree(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // in this very process
            return false;
        }
    }

    private static String bootstrapServers(KafkaConfig config) {
        Endpoint clients = config.effectiveAdvertisedBrokerListeners().head();
        return clients.host() + ":" + clients.port();
    }

    private static void format(Path data, LocalBrokerUsers users) throws IOException {
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
                    .setScramArguments(users.scramArguments())
                    .run();
        } catch (Exception e) {
            throw new IOException("the folder " + data + " cannot be formatted: " + e.getMessage(), e);
        }
    }
}

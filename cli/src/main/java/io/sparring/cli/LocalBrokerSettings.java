package io.sparring.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The settings of the local broker: {@code local-broker.properties}, with what depends on folder and ports, and over both
 * what its user has written down. The latter may hold secrets, so no error shows a value.
 */
final class LocalBrokerSettings {

    static final int NODE = 1;

    /** The name of the listener for clients, to which a security protocol can be mapped. */
    static final String CLIENT_LISTENER = "CLIENTS";

    static final String CONTROLLER_LISTENER = "CONTROLLER";

    /** What the folder is formatted with. */
    private static final List<String> FIXED = List.of("process.roles", "node.id", "log.dirs", "log.dir", "metadata.log.dir");

    private LocalBrokerSettings() {
    }

    /** The settings that any broker can be given. */
    static Map<String, String> common() {
        Properties properties = new Properties();
        try (InputStream stream = LocalBrokerSettings.class.getResourceAsStream("/local-broker.properties")) {
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return map(properties);
    }

    /**
     * Further settings from a properties file.
     *
     * @throws IllegalArgumentException if it cannot be read, or has a setting that is not its to make
     */
    static Map<String, String> read(Path file) {
        Map<String, String> settings = map(properties("broker settings", file));
        FIXED.stream().filter(settings::containsKey).findFirst().ifPresent(key -> {
            throw new IllegalArgumentException("broker settings " + file + ": " + key + " cannot be set: --folder decides it");
        });
        return settings;
    }

    /** All settings of the broker that keeps its data in a folder and listens on these ports, on this machine alone. */
    static Map<String, String> of(Path data, LocalPorts ports) {
        String broker = CLIENT_LISTENER + "://" + ports.bootstrapServers();
        String controller = LocalPorts.HOST + ":" + ports.controller();
        Map<String, String> settings = common();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE));
        // a quorum named here, not in the data, so that the ports may change between starts
        settings.put("controller.quorum.voters", NODE + "@" + controller);
        settings.put("controller.listener.names", CONTROLLER_LISTENER);
        settings.put("inter.broker.listener.name", CLIENT_LISTENER);
        settings.put("listeners", broker + "," + CONTROLLER_LISTENER + "://" + controller);
        settings.put("listener.security.protocol.map",
                CLIENT_LISTENER + ":PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
        settings.put("log.dirs", data.toString());
        return settings;
    }

    /** The properties in a file. */
    static Properties properties(String what, Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(what + " " + file + ": cannot be read: " + e, e);
        }
        return properties;
    }

    private static Map<String, String> map(Properties properties) {
        Map<String, String> settings = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> settings.put(key, properties.getProperty(key)));
        return settings;
    }
}

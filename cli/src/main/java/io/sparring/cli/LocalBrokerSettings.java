package io.sparring.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The settings of the local broker: {@code local-broker.properties}, with what depends on folder and ports. */
final class LocalBrokerSettings {

    static final int NODE = 1;

    static final String CONTROLLER_LISTENER = "CONTROLLER";

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
        Map<String, String> settings = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> settings.put(key, properties.getProperty(key)));
        return settings;
    }

    /** All settings of the broker that keeps its data in a folder and listens on these ports, on this machine alone. */
    static Map<String, String> of(Path data, LocalPorts ports) {
        String broker = "PLAINTEXT://" + ports.bootstrapServers();
        String controller = LocalPorts.HOST + ":" + ports.controller();
        Map<String, String> settings = common();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE));
        // a quorum named here, not in the data, so that the ports may change between starts
        settings.put("controller.quorum.voters", NODE + "@" + controller);
        settings.put("controller.listener.names", CONTROLLER_LISTENER);
        settings.put("listeners", broker + "," + CONTROLLER_LISTENER + "://" + controller);
        settings.put("advertised.listeners", broker);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
        settings.put("log.dirs", data.toString());
        return settings;
    }
}

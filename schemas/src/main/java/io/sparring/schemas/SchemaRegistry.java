package io.sparring.schemas;

import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/**
 * Where schemas have numbers, for runs whose records are in Confluent's wire format. None is needed unless a client's settings
 * have {@value #URL}; a module that is not on the class path by default brings one ({@link SchemaRegistryProvider}).
 *
 * <p>May be used by several threads.
 */
public interface SchemaRegistry {

    /** The setting of a Kafka client that names it. */
    String URL = "schema.registry.url";
    /** Settings that begin so are for the registry's own client: credentials, trust. */
    String SETTINGS = "apicurio.";

    /**
     * The number of the schema of a topic's values, which is registered if it is not yet.
     *
     * @throws org.apache.kafka.common.errors.RetriableException if the registry is away
     * @throws IllegalArgumentException if it refuses the schema, or this client
     */
    int register(String topic, Schema schema);

    /**
     * The schema of a number, as JSON.
     *
     * @throws org.apache.kafka.common.errors.RetriableException if the registry is away
     * @throws IllegalArgumentException if it has none of that number, or refuses this client
     */
    String schema(int number);

    /**
     * The one that the settings name; the same for the same settings.
     *
     * @throws IllegalArgumentException if they name one and the module for it is not there
     */
    static Optional<SchemaRegistry> of(Map<String, ?> settings) {
        if (settings.get(URL) == null) {
            return Optional.empty();
        }
        Map<String, String> its = new TreeMap<>();
        settings.forEach((key, value) -> {
            if (key.equals(URL) || key.startsWith(SETTINGS)) {
                its.put(key, String.valueOf(value));
            }
        });
        return Optional.of(Opened.ONES.computeIfAbsent(its, named -> ServiceLoader.load(SchemaRegistryProvider.class).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(URL + ": '" + named.get(URL) + "' needs the module registry, which is "
                        + "not on the class path; allowed: no " + URL + ", or a build with it: SPARRING_BUILD_OPTIONS=-Dregistry"))
                .open(named.get(URL), named)));
    }

    /** Those that this process has opened, for as long as it lives. */
    final class Opened {

        private static final Map<Map<String, String>, SchemaRegistry> ONES = new ConcurrentHashMap<>();

        private Opened() {
        }
    }
}

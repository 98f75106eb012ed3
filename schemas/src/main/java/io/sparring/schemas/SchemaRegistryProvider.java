package io.sparring.schemas;

import java.util.Map;

/** Opens schema registries. Found by {@link java.util.ServiceLoader}: the class path decides whether there is one. */
public interface SchemaRegistryProvider {

    /**
     * A registry, which need not answer yet.
     *
     * @param url its address
     * @param settings all that begin with {@value SchemaRegistry#SETTINGS}
     * @throws IllegalArgumentException if the address or a setting is of no use
     */
    SchemaRegistry open(String url, Map<String, String> settings);
}

package io.sparring.registry;

import io.sparring.schemas.SchemaRegistry;
import io.sparring.schemas.SchemaRegistryProvider;
import java.net.URI;
import java.util.Map;

/** Opens registries that speak Apicurio's REST API, version 3. */
public final class ApicurioRegistryProvider implements SchemaRegistryProvider {

    @Override
    public SchemaRegistry open(String url, Map<String, String> settings) {
        if (!isHttp(url)) {
            throw new IllegalArgumentException(SchemaRegistry.URL + ": '" + url
                    + "' is not allowed; allowed: the address of an Apicurio registry, such as "
                    + "http://registry:8080/apis/registry/v3");
        }
        return new ApicurioRegistry(url, settings);
    }

    private static boolean isHttp(String url) {
        try {
            URI address = URI.create(url);
            return address.getHost() != null && ("http".equals(address.getScheme()) || "https".equals(address.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

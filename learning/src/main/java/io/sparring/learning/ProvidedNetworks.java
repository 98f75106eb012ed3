package io.sparring.learning;

import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The networks that others bring, by name. */
final class ProvidedNetworks {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    private ProvidedNetworks() {
    }

    /**
     * Those on the class path of the calling thread.
     *
     * @param taken names that none of them may have
     * @throws IllegalArgumentException naming a name that is taken or cannot be one
     */
    static Map<String, NetworkProvider> find(Set<String> taken) {
        Map<String, NetworkProvider> found = new TreeMap<>();
        for (NetworkProvider provider : ServiceLoader.load(NetworkProvider.class)) {
            String name = provider.name();
            String provided = "network of " + provider.getClass().getName();
            Setting.require(name != null && NAME.matcher(name).matches() && WideResNet.named(name).isEmpty(), provided, name,
                    "1 to 40 lower-case letters, digits and hyphens, not as a WideResNet's");
            Setting.require(!taken.contains(name) && found.put(name, provider) == null, provided, name,
                    "a name that no other network has");
        }
        return found;
    }
}

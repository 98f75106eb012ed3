package io.sparring.learning;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The networks by the name that a specification gives. A new network is one line here. */
final class NetworkRegistry {

    private static final Map<String, BiFunction<Geometry, NetworkSpecification, Network>> NETWORKS =
            new TreeMap<>(Map.of("cnn4", Cnn4::network));

    private NetworkRegistry() {
    }

    static List<String> names() {
        return List.copyOf(NETWORKS.keySet());
    }

    /** @throws IllegalArgumentException when the network does not fit the images */
    static Network network(Geometry geometry, NetworkSpecification specification) {
        return NETWORKS.get(specification.name()).apply(geometry, specification);
    }
}

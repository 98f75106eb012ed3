package io.sparring.learning;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The networks by the name that a specification gives. A new network is one line here. */
final class NetworkRegistry {

    private static final Map<String, BiFunction<Geometry, NetworkSpecification, Network>> NETWORKS =
            new TreeMap<>(Map.of(
                    "cnn4", Cnn4::network,
                    "resnet18", ResNet18::network));

    private NetworkRegistry() {
    }

    static List<String> names() {
        return List.copyOf(NETWORKS.keySet());
    }

    /**
     * The network, with the normalisation of its images in front if there is one.
     *
     * @throws IllegalArgumentException when the network does not fit the images
     */
    static Network network(Geometry geometry, NetworkSpecification specification) {
        Network network = NETWORKS.get(specification.name()).apply(geometry, specification);
        return specification.mean().isEmpty() ? network : new Network(List.of(
                new Normalization(specification.mean(), specification.deviation()), network));
    }
}

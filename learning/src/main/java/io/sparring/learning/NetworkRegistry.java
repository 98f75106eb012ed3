package io.sparring.learning;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** The networks by the name that a specification gives. A new network is one line here. */
final class NetworkRegistry {

    private static final Map<String, BiFunction<Geometry, NetworkSpecification, Network>> NETWORKS =
            new TreeMap<>(Map.of(
                    "cnn4", Cnn4::network,
                    "preactresnet18", PreActResNet::eighteen,
                    "resnet18", ResNet18::basic,
                    "resnet18-bottleneck", ResNet18::bottleneck,
                    "wideresnet-28-10", new WideResNet(28, 10)::network,
                    "wideresnet-34-10", new WideResNet(34, 10)::network));

    private NetworkRegistry() {
    }

    /** Sparring's own, then those that others bring. */
    static List<String> names() {
        return Stream.concat(NETWORKS.keySet().stream(), provided().keySet().stream()).toList();
    }

    private static Map<String, NetworkProvider> provided() {
        return ProvidedNetworks.find(NETWORKS.keySet());
    }

    /** @throws IllegalArgumentException when there is no such network; a WideResNet may have any depth and factor */
    static void requireKnown(String key, String name) {
        if (!names().contains(name == null ? "" : name) && WideResNet.named(name).isEmpty()) {
            throw new IllegalArgumentException(key + ": '" + name + "' is not known; allowed: "
                    + String.join(", ", names()) + ", " + WideResNet.NAME + " with a depth of 10, 16, 22 and so on");
        }
    }

    /**
     * The network, with the normalisation of its images in front if there is one.
     *
     * @throws IllegalArgumentException when the network does not fit the images
     */
    static Network network(Geometry geometry, NetworkSpecification specification) {
        String name = specification.name();
        Network network = WideResNet.named(name).map(wide -> wide.network(geometry, specification))
                .orElseGet(() -> NETWORKS.containsKey(name) ? NETWORKS.get(name).apply(geometry, specification)
                        : provided().get(name).network(geometry, specification));
        return specification.mean().isEmpty() ? network : new Network(List.of(
                new Normalization(specification.mean(), specification.deviation()), network));
    }
}

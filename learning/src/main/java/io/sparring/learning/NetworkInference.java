package io.sparring.learning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Finds out which network some weights are of, by their names and shapes. What is no weight, such as the normalisation of the
 * images, cannot be found out.
 *
 * @param name      what is known of it; nothing allows every network there is, wide ones of any depth and factor included
 * @param width     likewise; nothing allows every number of channels that a convolution gives
 * @param hidden    likewise; nothing allows every number of units that a dense layer gives
 * @param batchNorm likewise
 */
public record NetworkInference(Optional<String> name, Optional<Integer> width, Optional<Integer> hidden,
        Optional<Boolean> batchNorm) {

    private static final int KERNEL_DIMENSIONS = 4;
    private static final int USUAL_HIDDEN = 200;

    /** @throws IllegalArgumentException for a network that there is not */
    public NetworkInference {
        name.ifPresent(known -> NetworkRegistry.requireKnown("network.name", known));
    }

    /**
     * The network, without a normalisation of its images.
     *
     * @param geometry of the images it is for
     * @throws IllegalArgumentException when none has these weights, or more than one has
     */
    public NetworkSpecification of(Tensors weights, Geometry geometry) {
        Map<String, int[]> shapes = new TreeMap<>();
        weights.names().forEach(tensor -> shapes.put(tensor, weights.shape(tensor)));
        Map<String, NetworkSpecification> fitting = new TreeMap<>();
        for (String candidate : name.map(List::of).orElseGet(NetworkInference::all)) {
            specifications(candidate, shapes).stream().filter(specification -> fits(specification, geometry, weights))
                    .findFirst().ifPresent(specification -> fitting.put(candidate, specification));
        }
        Setting.require(!fitting.isEmpty(), "network of the weights", shapes.keySet(),
                "the weights of " + name.map(known -> known + restrictions()).orElse("a network that there is" + restrictions())
                        + ", for images of " + geometry.height() + " x " + geometry.width() + " x " + geometry.channels()
                        + " in " + geometry.classes() + " classes");
        Setting.require(fitting.size() == 1, "network of the weights", String.join(", ", fitting.keySet()),
                "one of these, by its name");
        return fitting.values().iterator().next();
    }

    private String restrictions() {
        return width.map(value -> " of width " + value).orElse("") + hidden.map(value -> " with " + value + " hidden units")
                .orElse("") + batchNorm.map(value -> value ? " with batch normalisation" : " without batch normalisation").orElse("");
    }

    private static List<String> all() {
        List<String> names = new ArrayList<>(NetworkRegistry.names());
        for (int depth = 10; depth <= 100; depth += 6) {
            for (int factor = 1; factor <= 20; factor++) {
                String wide = "wideresnet-" + depth + "-" + factor;
                if (!names.contains(wide)) {
                    names.add(wide);
                }
            }
        }
        return names;
    }

    private List<NetworkSpecification> specifications(String candidate, Map<String, int[]> shapes) {
        List<NetworkSpecification> specifications = new ArrayList<>();
        for (int channels : width.map(List::of).orElseGet(() -> last(shapes, KERNEL_DIMENSIONS))) {
            for (int units : hidden.map(List::of).orElseGet(() -> withUsual(last(shapes, 2)))) {
                for (boolean normalized : batchNorm.map(List::of).orElse(List.of(false, true))) {
                    specifications.add(new NetworkSpecification(candidate, channels, units, normalized, List.of(), List.of()));
                }
            }
        }
        return specifications;
    }

    private static List<Integer> withUsual(List<Integer> units) {
        return IntStream.concat(IntStream.of(USUAL_HIDDEN), units.stream().mapToInt(i -> i)).distinct().boxed().toList();
    }

    /** The last size of each tensor with so many dimensions, the smallest first. */
    private static List<Integer> last(Map<String, int[]> shapes, int dimensions) {
        return shapes.values().stream().filter(shape -> shape.length == dimensions).map(shape -> shape[dimensions - 1])
                .filter(size -> size >= 1 && size <= 1024).distinct().sorted().toList();
    }

    private static boolean fits(NetworkSpecification specification, Geometry geometry, Tensors weights) {
        try {
            Map<String, int[]> wanted = new TreeMap<>();
            NetworkRegistry.network(geometry, specification).variables()
                    .forEach(variable -> wanted.put(variable.name(), variable.dimensions()));
            weights.requireFitting("weights", wanted);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

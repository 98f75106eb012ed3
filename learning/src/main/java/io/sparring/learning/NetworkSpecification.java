package io.sparring.learning;

import java.util.List;

/**
 * Which network is trained, and how large it is.
 *
 * @param name      one of {@link #names()}, or {@code wideresnet-<depth>-<factor>} with any depth of the form 6 n + 4
 * @param width     channels of the first convolution, 1 to 1024; residual networks usually have 64, wide ones 16
 * @param hidden    units of the hidden dense layer, 1 to 65536; unused by networks that have none
 * @param batchNorm whether each convolution is followed by batch normalisation (and then has no bias); residual networks
 *                  have theirs in any case
 * @param mean      what is subtracted from each channel of the images, in [0,1] like they are; empty: nothing is
 * @param deviation what each channel is divided by after that, above 0; as many as {@code mean}
 */
public record NetworkSpecification(
        String name, int width, int hidden, boolean batchNorm, List<Float> mean, List<Float> deviation) {

    /** @throws IllegalArgumentException naming the key that is not allowed */
    public NetworkSpecification {
        NetworkRegistry.requireKnown("network.name", name);
        Setting.require(width >= 1 && width <= 1024, "network.width", width, "1 to 1024");
        Setting.require(hidden >= 1 && hidden <= 65_536, "network.hidden", hidden, "1 to 65536");
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        Setting.require(mean.stream().allMatch(value -> value >= 0 && value <= 1),
                "network.mean", mean, "values from 0 to 1");
        Setting.require(deviation.stream().allMatch(value -> value > 0 && value <= 1),
                "network.deviation", deviation, "values above 0, at most 1");
        Setting.require(deviation.size() == mean.size(),
                "network.deviation", deviation, "as many values as network.mean has: " + mean.size());
    }

    /** How many weights training moves, for images of that geometry. */
    public long trainableWeights(Geometry geometry) {
        return NetworkRegistry.network(geometry, this).variables().stream().filter(Variable::trainable)
                .mapToLong(Variable::count).sum();
    }

    /** The networks there are. */
    public static List<String> names() {
        return NetworkRegistry.names();
    }
}

package io.sparring.pipeline;

import java.util.List;

/**
 * Keys {@code network.*} of a run: the classifier. What the names mean is known to the module that builds it.
 *
 * @param name architecture
 * @param width channels of its first convolution
 * @param hidden units of its hidden layer
 * @param batchNorm whether each convolution is followed by batch norm
 * @param mean per channel, subtracted inside the network; empty for none; units of 1.0 = 255
 * @param deviation per channel, divided by inside the network; as many as {@code mean}
 * @param precision that attackers and trainer compute in: float32, bfloat16, or auto for whichever is faster
 */
public record NetworkSettings(String name, int width, int hidden, boolean batchNorm, List<Float> mean, List<Float> deviation,
        String precision) {

    public NetworkSettings {
        Setting.between("network.width", width, 1, 4096);
        Setting.between("network.hidden", hidden, 1, 65_536);
        Setting.require(mean.size() == deviation.size(), "network.deviation", deviation,
                "as many values as network.mean, which has " + mean.size());
        Setting.require(deviation.stream().allMatch(value -> value > 0), "network.deviation", deviation, "values above 0");
        Setting.oneOf("network.precision", precision, List.of("float32", "bfloat16", "auto"));
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
    }
}

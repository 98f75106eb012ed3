package io.sparring.learning;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * WideResNet (Zagoruyko and Komodakis, arXiv 1605.07146; {@code networks/wideresnet.py} in {@code RPAT_SOTAs}): three stages of
 * (depth - 4) / 6 pre-activation blocks, {@code factor} times as wide as the stem. The stem's usual width is 16; with it
 * WideResNet-34-10 has 46 160 474 trainable weights for three channels and ten classes. Its first weights are the published
 * code's too: {@link FanOutInitialization}.
 *
 * @param depth  6 n + 4, 10 to 100
 * @param factor 1 to 20
 */
record WideResNet(int depth, int factor) {

    /** How such a network is called. */
    static final String NAME = "wideresnet-<depth>-<factor>";

    private static final Pattern PATTERN = Pattern.compile("wideresnet-([1-9][0-9]{1,2})-([1-9][0-9]?)");
    private static final int STAGES = 3;

    /** The network of that name, or nothing. */
    static Optional<WideResNet> named(String name) {
        Matcher matcher = PATTERN.matcher(name == null ? "" : name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int depth = Integer.parseInt(matcher.group(1));
        int factor = Integer.parseInt(matcher.group(2));
        return depth % 6 == 4 && depth <= 100 && factor <= 20
                ? Optional.of(new WideResNet(depth, factor)) : Optional.empty();
    }

    Network network(Geometry geometry, NetworkSpecification specification) {
        int width = specification.width();
        return new Network(List.of(new FanOutInitialization(PreActResNet.network(geometry,
                new ResidualStages(STAGES, (depth - 4) / 6, width, width * factor)))));
    }
}

package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkInferenceTest {

    private static final NetworkInference NOTHING_KNOWN =
            new NetworkInference(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    private static final Geometry IMAGES = new Geometry(16, 16, 3, 10);

    @ParameterizedTest
    @CsvSource({"cnn4, 4, 16, false", "cnn4, 4, 16, true", "cnn4, 8, 8, false", "resnet18, 4, 200, false",
        "resnet18-bottleneck, 4, 200, false", "preactresnet18, 4, 200, false", "wideresnet-28-10, 2, 200, false",
        "wideresnet-16-3, 2, 200, false"})
    void findsTheNetworkByItsWeights(String name, int width, int hidden, boolean batchNorm) {
        NetworkSpecification network = new NetworkSpecification(name, width, hidden, batchNorm, List.of(), List.of());
        Tensors weights = weights(network);

        assertThat(NOTHING_KNOWN.of(weights, IMAGES)).isEqualTo(network);
        assertThat(new NetworkInference(Optional.of(name), Optional.of(width), Optional.of(hidden), Optional.of(batchNorm))
                .of(weights, IMAGES)).isEqualTo(network);
    }

    @Test
    void refusesWhatIsOfNoNetwork() {
        Tensors other = Tensors.builder().put("kernel", new int[] {64, 4}, new float[256]).build();
        assertThatIllegalArgumentException().isThrownBy(() -> NOTHING_KNOWN.of(other, IMAGES))
                .withMessage("network of the weights: '[kernel]' is not allowed; allowed: the weights of a network that there is, "
                        + "for images of 16 x 16 x 3 in 10 classes");
        Tensors weights = weights(new NetworkSpecification("cnn4", 4, 16, false, List.of(), List.of()));
        assertThatIllegalArgumentException().as("of other images").isThrownBy(
                () -> NOTHING_KNOWN.of(weights, new Geometry(16, 16, 1, 10))).withMessageContaining("16 x 16 x 1");
        assertThatIllegalArgumentException().as("another width").isThrownBy(() -> new NetworkInference(Optional.of("cnn4"),
                Optional.of(8), Optional.empty(), Optional.empty()).of(weights, IMAGES)).withMessageContaining("cnn4 of width 8");
        assertThatIllegalArgumentException().isThrownBy(() -> new NetworkInference(Optional.of("cnn5"), Optional.empty(),
                Optional.empty(), Optional.empty())).withMessageContaining("network.name: 'cnn5' is not known");
    }

    private static Tensors weights(NetworkSpecification network) {
        Tensors.Builder weights = Tensors.builder();
        NetworkRegistry.network(IMAGES, network).variables().forEach(
                variable -> weights.put(variable.name(), variable.dimensions(), new float[variable.count()]));
        return weights.build();
    }
}

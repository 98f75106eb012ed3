package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkSpecificationTest {

    @Test
    void namesTheNetworksThereAre() {
        assertThatIllegalArgumentException().isThrownBy(() -> specification("foo", 16, 200, List.of(), List.of()))
                .withMessage("network.name: 'foo' is not known; allowed: cnn4, preactresnet18, resnet18, "
                        + "resnet18-bottleneck, wideresnet-28-10, wideresnet-34-10, "
                        + "wideresnet-<depth>-<factor> with a depth of 10, 16, 22 and so on");
        for (String name : List.of("wideresnet-33-10", "wideresnet-34-0", "wideresnet-4-1", "wideresnet-<depth>-<factor>")) {
            assertThatIllegalArgumentException().isThrownBy(() -> specification(name, 16, 200, List.of(), List.of()));
        }
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> specification("cnn4", 0, 200, List.of(), List.of()))
                .withMessageStartingWith("network.width: '0'");
        assertThatIllegalArgumentException().isThrownBy(() -> specification("cnn4", 16, 0, List.of(), List.of()))
                .withMessageStartingWith("network.hidden: '0'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> specification("cnn4", 16, 200, List.of(Float.NaN), List.of(1f)))
                .withMessageStartingWith("network.mean: '[NaN]'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> specification("cnn4", 16, 200, List.of(0.5f), List.of(0f)))
                .withMessageStartingWith("network.deviation: '[0.0]'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> specification("cnn4", 16, 200, List.of(0.5f), List.of()))
                .withMessageStartingWith("network.deviation: '[]'");
    }

    @Test
    void keepsItsOwnLists() {
        List<Float> mean = new ArrayList<>(List.of(0.5f));
        NetworkSpecification specification = specification("cnn4", 16, 200, mean, List.of(1f));
        mean.set(0, 0.1f);
        assertThat(specification.mean()).containsExactly(0.5f);
    }

    private static NetworkSpecification specification(
            String name, int width, int hidden, List<Float> mean, List<Float> deviation) {
        return new NetworkSpecification(name, width, hidden, false, mean, deviation);
    }
}

package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkRegistryTest {

    /** The counts are those of the same networks in PyTorch, for three channels. */
    @ParameterizedTest
    @CsvSource({"resnet18, 64, 10, 11173962", "resnet18, 64, 100, 11220132", "cnn4, 32, 10, 886978"})
    void hasAsManyTrainableWeightsAsItsPaperSays(String name, int width, int classes, long count) {
        Network network = network(name, width, classes);
        assertThat(network.variables().stream().filter(Variable::trainable).mapToLong(Variable::count).sum())
                .isEqualTo(count);
        List<String> names = network.variables().stream().map(Variable::name).toList();
        assertThat(new HashSet<>(names)).hasSameSizeAs(names);
    }

    private static Network network(String name, int width, int classes) {
        return NetworkRegistry.network(new Geometry(32, 32, 3, classes),
                new NetworkSpecification(name, width, 200, false, List.of(), List.of()));
    }
}

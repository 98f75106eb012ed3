package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.learning.Geometry;
import io.sparring.learning.InitialWeights;
import io.sparring.learning.NetworkInference;
import io.sparring.learning.NetworkSpecification;
import io.sparring.learning.ObjectiveSpecification;
import io.sparring.learning.OptimizerSpecification;
import io.sparring.learning.ProgramSpecification;
import io.sparring.learning.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluatedModelTest {

    private static final Geometry IMAGES = new Geometry(8, 8, 1, 2);

    @TempDir
    Path folder;

    /** What has been evaluated with one must not pass for the other's. */
    @Test
    void isAnotherOneWithAnotherNormalizationOfTheSameWeights() throws IOException {
        NetworkSpecification network = new NetworkSpecification("cnn4", 2, 8, false, List.of(), List.of());
        Path file = Files.write(folder.resolve("weights"), SafeTensors.encode(InitialWeights.draw(new ProgramSpecification(IMAGES, network,
                new ObjectiveSpecification("pgd-at"), new OptimizerSpecification(0.9f, 0), List.of()), 1), Map.of()));

        EvaluatedModel plain = open(file, List.of(), List.of());
        EvaluatedModel normalizing = open(file, List.of(0.5f), List.of(0.25f));

        assertThat(normalizing.sha256()).isEqualTo(plain.sha256());
        assertThat(normalizing.identity()).isNotEqualTo(plain.identity());
        assertThat(open(file, List.of(0.5f), List.of(0.25f)).identity()).isEqualTo(normalizing.identity());
    }

    private static EvaluatedModel open(Path file, List<Float> mean, List<Float> deviation) throws IOException {
        return EvaluatedModel.ofWeights(file, new NetworkInference(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                new EvaluatedModel.Normalization(mean, deviation), IMAGES);
    }
}

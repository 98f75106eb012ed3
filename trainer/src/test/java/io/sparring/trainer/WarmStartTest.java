package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sparring.learning.SafeTensors;
import io.sparring.learning.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmStartTest {

    private static final Tensors DRAWN = Tensors.builder().put("a", new int[] {2}, new float[] {1, 2})
            .put("b", new int[] {1, 1}, new float[] {3}).build();

    private static final BiConsumer<String, Tensors> FITTING = (what, weights) -> weights.requireLike(what, DRAWN);

    @TempDir
    Path folder;

    @Test
    void theWeightsOfAFile() throws IOException {
        Tensors other = Tensors.builder().put("a", new int[] {2}, new float[] {7, 8})
                .put("b", new int[] {1, 1}, new float[] {9}).build();
        assertThat(WarmStart.read(file(SafeTensors.encode(other, Map.of("network", "cnn4"))), FITTING)).isEqualTo(other);
    }

    @Test
    void whatDoesNotFitIsRefusedByName() throws IOException {
        assertRefused(Tensors.builder().put("a", new int[] {2}, new float[] {7, 8}).build(), "[a] are given, expected are [a, b]");
        assertRefused(Tensors.builder().put("a", new int[] {1, 2}, new float[] {7, 8}).put("b", new int[] {1, 1}, new float[] {9})
                .build(), "a has the shape [1, 2], expected is [2]");
        assertRefused(Tensors.builder().put("a", new int[] {2}, new float[] {7, Float.NaN})
                .put("b", new int[] {1, 1}, new float[] {9}).build(), "holds NaN or infinity");
        Path nothing = folder.resolve("nothing");
        assertThatIllegalArgumentException().isThrownBy(() -> WarmStart.read(nothing, FITTING))
                .withMessageStartingWith("--initial-weights " + nothing + ": cannot be read");
        assertThatIllegalArgumentException().isThrownBy(() -> WarmStart.read(file(new byte[3]), FITTING))
                .withMessageContaining("--initial-weights").withMessageContaining("3 bytes are too few");
    }

    private void assertRefused(Tensors given, String reason) throws IOException {
        Path file = file(SafeTensors.encode(given, Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> WarmStart.read(file, FITTING))
                .withMessageStartingWith("--initial-weights " + file + ": " + reason);
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("weights.safetensors"), bytes);
    }
}

package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportedModelTest {

    private static final int COUNT = 5;
    private static final float[] IMAGES = TinyProgram.images(new Random(1), COUNT);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void predictsAsTheProgramDoes(boolean batchNorm) throws IOException {
        ProgramSpecification specification = TinyProgram.specification("pgd-at", batchNorm);
        Path target = directory.resolve("models/newest");
        try (ModelProgram program = TinyProgram.load(specification)) {
            program.train(IMAGES, IMAGES, new int[COUNT], 0.1f, 1);
            ExportedModel.write(target, specification, program.weights());
            try (ExportedModel exported = ExportedModel.load(target, TinyProgram.SETTINGS)) {
                float[][] expected = program.predict(IMAGES, COUNT);
                float[][] logits = exported.predict(IMAGES, COUNT);
                for (int i = 0; i < COUNT; i++) {
                    assertThat(logits[i]).usingComparatorWithPrecision(1e-5f).containsExactly(expected[i]);
                }
            }
            assertThat(SafeTensors.decode(Files.readAllBytes(target.resolve(ExportedModel.WEIGHTS))))
                    .isEqualTo(program.weights());
        }
        try (Stream<Path> files = Files.list(target.getParent())) {
            assertThat(files).containsExactly(target);
        }
    }

    @Test
    void leavesWhatIsThereAlone() throws IOException {
        ProgramSpecification specification = TinyProgram.specification("pgd-at", false);
        Tensors weights = InitialWeights.draw(specification, 0);
        Path target = Files.createDirectory(directory.resolve("model"));
        assertThatThrownBy(() -> ExportedModel.write(target, specification, weights))
                .isInstanceOf(UncheckedIOException.class).hasCauseInstanceOf(FileAlreadyExistsException.class);
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void refusesWeightsOfAnotherNetwork() {
        Tensors weights = InitialWeights.draw(TinyProgram.specification("pgd-at", true), 0);
        assertThatIllegalArgumentException().isThrownBy(() -> ExportedModel.write(
                directory.resolve("model"), TinyProgram.specification("pgd-at", false), weights));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void refusesADirectoryWithoutAModel() {
        assertThatIllegalArgumentException().isThrownBy(() -> ExportedModel.load(directory, TinyProgram.SETTINGS));
    }
}

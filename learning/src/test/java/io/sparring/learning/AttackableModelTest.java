package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttackableModelTest {

    private static final int COUNT = 6;
    private static final float[] IMAGES = TinyProgram.images(new Random(1), COUNT);
    private static final int[] LABELS = {0, 1, 2, 3, 4, 0};
    private static final int[] TARGETS = {1, 2, 3, 4, 0, 4};

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void saysWhatTheProgramWithItsWeightsSays(boolean batchNorm) throws IOException {
        ProgramSpecification specification = TinyProgram.specification("pgd-at", batchNorm);
        try (ModelProgram program = TinyProgram.load(specification)) {
            program.train(IMAGES, IMAGES, LABELS, 0.1f, 1);
            Tensors weights = program.weights();
            byte[] built = ModelProgramBuilder.build(specification);
            ExportedModel.write(folder.resolve("model"), built, "cnn4", weights);
            for (AttackableModel model : List.of(
                    AttackableModel.of(Files.readAllBytes(folder.resolve("model").resolve("saved_model.pb"))),
                    AttackableModel.of(built, weights),
                    AttackableModel.of(specification.network(), specification.geometry(), weights))) {
                assertThat(model.geometry()).isEqualTo(TinyProgram.GEOMETRY);
                try (ModelProgram attackable = model.load(TinyProgram.SETTINGS)) {
                    assertSame(attackable, program);
                }
            }
        }
    }

    private static void assertSame(ModelProgram attackable, ModelProgram program) {
        assertThat(attackable.geometry()).isEqualTo(program.geometry());
        float[][] logits = attackable.predict(IMAGES, COUNT);
        float[][] expected = program.predict(IMAGES, COUNT);
        for (int i = 0; i < COUNT; i++) {
            assertThat(logits[i]).usingComparatorWithPrecision(1e-5f).containsExactly(expected[i]);
        }
        for (GradientLoss loss : GradientLoss.values()) {
            assertThat(attackable.gives(loss)).isTrue();
            ImageGradient gradient = attackable.gradient(loss, IMAGES, LABELS, TARGETS);
            ImageGradient wanted = program.gradient(loss, IMAGES, LABELS, TARGETS);
            assertThat(gradient.loss()).as("%s", loss).usingComparatorWithPrecision(1e-4f).containsExactly(wanted.loss());
            assertThat(gradient.gradient()).as("%s", loss).usingComparatorWithPrecision(1e-4f).containsExactly(wanted.gradient());
        }
    }

    @Test
    void hasNoLossThatNeedsMoreClasses() {
        Geometry pair = new Geometry(8, 8, 1, 2);
        NetworkSpecification network = new NetworkSpecification("cnn4", 2, 4, false, List.of(), List.of());
        ProgramSpecification specification = new ProgramSpecification(pair, network, new ObjectiveSpecification("pgd-at"),
                new OptimizerSpecification(0, 0), List.of());
        try (ModelProgram program =
                AttackableModel.of(network, pair, InitialWeights.draw(specification, 0)).load(TinyProgram.SETTINGS)) {
            assertThat(program.gives(GradientLoss.CROSS_ENTROPY)).isTrue();
            assertThat(program.gives(GradientLoss.DLR_TARGETED)).isFalse();
        }
    }

    @Test
    void refusesWhatIsNoModel() {
        assertThatIllegalArgumentException().isThrownBy(() -> AttackableModel.of(new byte[] {1, 2, 3}))
                .withMessageContaining("no SavedModel");
        byte[] program = ModelProgramBuilder.build(TinyProgram.specification("pgd-at", false));
        assertThatIllegalArgumentException().as("weights apart").isThrownBy(() -> AttackableModel.of(program))
                .withMessageContaining("serving_default");
        assertThatIllegalArgumentException().isThrownBy(() -> AttackableModel.of(program, Tensors.builder().build()))
                .withMessageContaining("weights");
    }
}

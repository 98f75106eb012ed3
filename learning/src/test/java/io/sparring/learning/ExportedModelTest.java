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
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;

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
            ExportedModel.write(target, ModelProgramBuilder.build(specification), "cnn4", program.weights());
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
    void aVariableThatCannotBecomeAConstantIsAssignedWhenTheModelIsLoaded() throws IOException {
        ProgramSpecification specification = TinyProgram.specification("pgd-at", false);
        byte[] behindAnIdentity = behindAnIdentity(ModelProgramBuilder.build(specification), "hidden.bias");
        try (ModelProgram program = TinyProgram.load(specification)) {
            ExportedModel.write(directory.resolve("model"), behindAnIdentity, "cnn4", program.weights());
            try (ExportedModel exported = ExportedModel.load(directory.resolve("model"), TinyProgram.SETTINGS)) {
                // what is known to be constant is fused otherwise, and may differ in the last bit
                assertThat(flat(exported.predict(IMAGES, COUNT))).usingComparatorWithPrecision(1e-6f)
                        .containsExactly(flat(program.predict(IMAGES, COUNT)));
            }
        }
    }

    private static float[] flat(float[][] rows) {
        float[] values = new float[rows.length * rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, values, i * rows[0].length, rows[0].length);
        }
        return values;
    }

    /** A program in which predict reads that variable by way of another node, as it does where it calls a function. */
    private static byte[] behindAnIdentity(byte[] program, String variable) throws IOException {
        SavedModel.Builder model = SavedModel.parseFrom(program).toBuilder();
        GraphDef.Builder graph = model.getMetaGraphsBuilder(0).getGraphDefBuilder();
        graph.getNodeBuilderList().stream().filter(node -> node.getOp().equals("ReadVariableOp")
                && node.getInput(0).equals(variable)).forEach(node -> node.setInput(0, "alias"));
        graph.addNode(NodeDef.newBuilder().setName("alias").setOp("Identity").addInput(variable)
                .putAttr("T", AttrValue.newBuilder().setType(DataType.DT_RESOURCE).build()));
        return model.build().toByteArray();
    }

    @Test
    void leavesWhatIsThereAlone() throws IOException {
        ProgramSpecification specification = TinyProgram.specification("pgd-at", false);
        Tensors weights = InitialWeights.draw(specification, 0);
        Path target = Files.createDirectory(directory.resolve("model"));
        assertThatThrownBy(() -> ExportedModel.write(target, ModelProgramBuilder.build(specification), "cnn4",
                weights))
                .isInstanceOf(UncheckedIOException.class).hasCauseInstanceOf(FileAlreadyExistsException.class);
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void refusesWeightsOfAnotherNetwork() {
        Tensors weights = InitialWeights.draw(TinyProgram.specification("pgd-at", true), 0);
        assertThatIllegalArgumentException().isThrownBy(() -> ExportedModel.write(
                directory.resolve("model"),
                ModelProgramBuilder.build(TinyProgram.specification("pgd-at", false)), "cnn4", weights));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void refusesADirectoryWithoutAModel() {
        assertThatIllegalArgumentException().isThrownBy(() -> ExportedModel.load(directory, TinyProgram.SETTINGS));
    }
}

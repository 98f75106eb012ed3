package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;

class ModelProgramBuilderTest {

    private static final ProgramSpecification SPECIFICATION = TinyProgram.specification("pgd-at+rpat", true);

    @Test
    void givesTheSameBytesForTheSameSpecification() {
        byte[] bytes = ModelProgramBuilder.build(SPECIFICATION);
        assertThat(ModelProgramBuilder.build(TinyProgram.specification("pgd-at+rpat", true))).isEqualTo(bytes);
        assertThat(ModelProgramBuilder.build(TinyProgram.specification("pgd-at", true))).isNotEqualTo(bytes);
    }

    @Test
    void givesTheSameBytesInAnotherProcess() throws Exception {
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ModelProgramBuilderTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).isZero();
        assertThat(printed).endsWith(digest());
    }

    /** What the other process runs. */
    public static void main(String[] arguments) throws NoSuchAlgorithmException {
        System.out.println(digest());
    }

    private static String digest() throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(ModelProgramBuilder.build(SPECIFICATION));
        for (String objective : ObjectiveSpecification.names()) {
            digest.update(ModelProgramBuilder.build(TinyProgram.specification(objective, true)));
        }
        for (String network : List.of("resnet18", "wideresnet-10-1")) {
            digest.update(ModelProgramBuilder.build(new ProgramSpecification(TinyProgram.GEOMETRY,
                    new NetworkSpecification(network, 2, 1, true, List.of(), List.of()), SPECIFICATION.objective(),
                    SPECIFICATION.optimizer(), List.of(AttackSpecification.training("training", 2,
                            new ObjectiveSpecification("trades"), AttackNorm.L2)))));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Test
    void hasASignatureForEverythingAndNothingThatWouldDecideForTheLoader() throws Exception {
        MetaGraphDef model = SavedModel.parseFrom(ModelProgramBuilder.build(SPECIFICATION)).getMetaGraphs(0);
        assertThat(model.getSignatureDefMap()).containsOnlyKeys("predict", "attack-training", "attack-evaluation",
                "gradient-cross-entropy", "gradient-dlr", "gradient-dlr-targeted", "gradient-difference",
                "train", "assign", "read", "assign-optimizer", "read-optimizer");
        assertThat(model.hasSaverDef()).isFalse();
        assertThat(model.getCollectionDefMap()).isEmpty();
    }

    @Test
    void drawsRandomNumbersFromTheGivenSeedAlone() throws Exception {
        MetaGraphDef model = SavedModel.parseFrom(ModelProgramBuilder.build(SPECIFICATION)).getMetaGraphs(0);
        assertThat(model.getGraphDef().getNodeList()).extracting(NodeDef::getOp)
                .filteredOn(operation -> operation.contains("Random")).containsOnly("StatelessRandomUniform");
    }

    @Test
    void leavesOutWhatNothingAsksFor() throws Exception {
        MetaGraphDef model = SavedModel.parseFrom(ModelProgramBuilder.build(SPECIFICATION)).getMetaGraphs(0);
        assertThat(model.getGraphDef().getNodeList()).extracting(NodeDef::getName)
                .filteredOn(name -> name.startsWith("attack-") && name.contains("BackpropFilter")).isEmpty();
    }
}

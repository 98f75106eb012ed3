package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;

class ProgramContractTest {

    private static final Set<String> ATTACKS = Set.of("training", "evaluation");
    private static final byte[] PROGRAM = ModelProgramBuilder.build(TinyProgram.specification("rpat++", true));

    @Test
    void whatIsBuiltHereKeepsIt() {
        assertThatCode(() -> require(PROGRAM)).doesNotThrowAnyException();
    }

    @Test
    void whatIsWrongIsSaidByName() throws Exception {
        assertRefused("attack-training", signature -> signature.clearInputs().clearOutputs(), "gives []; needed: [loss_after");
        assertRefused("train", signature -> signature.removeOutputs("loss"), "needed: [correct_perturbed, cross_entropy, loss]");
        assertRefused("train", signature -> signature.putInputs("pressure", signature.getInputsOrThrow("beta")), "pressure");
        assertRefused("read", signature -> signature.removeOutputs("hidden/bias"), "the signature 'read' gives");
        assertRefused("assign-optimizer", signature -> signature.clearInputs(), "takes nothing; needed: a variable at least");
        assertRefused("predict", signature -> signature.removeOutputs("logits"), "predict gives logits: not there");
        assertRefused("predict", signature -> signature.putInputs("images", signature.getOutputsOrThrow("logits")),
                "predict takes images: [-1, 5]; allowed: 4 dimensions");
        SavedModel.Builder without = SavedModel.parseFrom(PROGRAM).toBuilder();
        without.getMetaGraphsBuilder(0).removeSignatureDef("read-optimizer");
        assertThatIllegalArgumentException().isThrownBy(() -> require(without.build().toByteArray()))
                .withMessageContaining("no signature 'read-optimizer'; it has: assign, ");
    }

    private static void assertRefused(String name, UnaryOperator<SignatureDef.Builder> change, String message)
            throws InvalidProtocolBufferException {
        SavedModel.Builder model = SavedModel.parseFrom(PROGRAM).toBuilder();
        SignatureDef signature = model.getMetaGraphs(0).getSignatureDefOrThrow(name);
        model.getMetaGraphsBuilder(0).putSignatureDef(name, change.apply(signature.toBuilder()).build());
        assertThatIllegalArgumentException().isThrownBy(() -> require(model.build().toByteArray()))
                .withMessageContaining(message);
    }

    private static void require(byte[] savedModel) {
        try (ModelProgram program = ModelProgram.load(savedModel, TinyProgram.SETTINGS)) {
            program.requireTrainable(ATTACKS);
        }
    }
}

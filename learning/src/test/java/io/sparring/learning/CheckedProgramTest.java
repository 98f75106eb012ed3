package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

class CheckedProgramTest {

    private static final byte[] PROGRAM = ModelProgramBuilder.build(TinyProgram.specification("pgd-at", false));
    private static final Tensors WEIGHTS = InitialWeights.draw(TinyProgram.specification("pgd-at", false), 0);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"WriteFile", "ReadFile", "MatchingFiles", "PyFunc", "PyFuncStateless", "EagerPyFunc", "RestoreV2",
            "SaveV2", "MergeV2Checkpoints", "ImmutableConst", "Print", "PrintV2", "Assert", "RemoteCall", "CollectiveReduce",
            "TextLineDataset", "IteratorGetNext", "HashTableV2", "InitializeTableFromTextFileV2", "XlaLaunch", "NoSuchOperation", "write_to_a_file"})
    void refusesAnOperationThatIsNotAllowed(String operation) {
        assertRefused(program -> program.getGraphDefBuilder().addNode(node(operation, "leak")),
                "operation of the node 'leak': '" + operation + "' is not allowed; allowed: mathematics, networks");
    }

    @Test
    void refusesItInEachGraphThatTheFileHas() throws Exception {
        SavedModel.Builder model = SavedModel.parseFrom(PROGRAM).toBuilder();
        model.addMetaGraphsBuilder().getGraphDefBuilder().addNode(node("WriteFile", "leak"));

        assertThatIllegalArgumentException().isThrownBy(() -> load(model)).withMessageContaining("'WriteFile'");
    }

    @Test
    void refusesItInAFunctionThoughNothingCallsIt() {
        assertRefused(program -> program.getGraphDefBuilder().getLibraryBuilder().addFunction(function("innocent",
                node("Identity", "pass"), node("PyFunc", "leak"))),
                "operation of the node 'leak' of the function 'innocent': 'PyFunc' is not allowed; allowed: ");
    }

    /** TensorFlow takes the name of a function for an operation, so a function could lend its name to one that is there. */
    @Test
    void refusesAFunctionThatIsCalledAsAnOperation() {
        assertRefused(program -> {
            program.getGraphDefBuilder().getLibraryBuilder().addFunction(function("WriteFile", node("Identity", "pass")));
            program.getGraphDefBuilder().addNode(node("WriteFile", "call"));
        }, "operation of the node 'call': 'WriteFile'");
    }

    @Test
    void refusesWhatTheLoaderWouldRunOrRead() {
        assertRefused(program -> program.setSaverDef(SaverDef.newBuilder().setRestoreOpName("save/restore_all")),
                "saver of the model program: 'save/restore_all' is not allowed; allowed: none");
        assertRefused(program -> program.addAssetFileDef(AssetFileDef.newBuilder().setFilename("words.txt")),
                "assets of the model program: '[words.txt]' is not allowed");
        for (String collection : List.of("saved_model_main_op", "legacy_init_op", "saved_model_assets")) {
            assertRefused(program -> program.putCollectionDef(collection, CollectionDef.getDefaultInstance()),
                    "collections of the model program: '[" + collection + "]' is not allowed");
        }
        for (String signature : List.of("__saved_model_init_op", "__saved_model_train_op")) {
            assertRefused(program -> program.putSignatureDef(signature, SignatureDef.newBuilder().putOutputs(signature,
                    TensorInfo.newBuilder().setName("assign/Const").build()).build()),
                    "signature of the model program: '" + signature + "' is not allowed");
        }
    }

    @Test
    void refusesANodeOfAnotherProcess() {
        for (String device : List.of("/job:worker/task:0", "/job:localhost/replica:0/task:1/device:CPU:0", "/device:TPU:0",
                "grpc://a")) {
            assertRefused(program -> program.getGraphDefBuilder().addNode(node("NoOp", "far").setDevice(device)),
                    "device of the node 'far': '" + device + "' is not allowed; allowed: none, or a CPU or GPU of this process");
        }
        for (String device : List.of("/cpu:0", "/device:GPU:*", "/job:localhost/replica:0/task:0/device:CPU:0")) {
            assertThatCode(() -> CheckedProgram.parse(changed(program ->
                    program.getGraphDefBuilder().addNode(node("NoOp", "near").setDevice(device))))).doesNotThrowAnyException();
        }
    }

    @Test
    void refusesWhatIsTooLargeWithoutParsingIt() {
        assertThatIllegalArgumentException().isThrownBy(() -> ModelProgram.load(new byte[CheckedProgram.LARGEST + 1],
                TinyProgram.SETTINGS)).withMessage("size of the model program: '67108865 bytes' is not allowed; allowed: at most "
                        + "67108864; unrolled attack steps are most of a program");
        assertThatIllegalArgumentException().isThrownBy(() -> ModelProgram.load(new byte[CheckedProgram.LARGEST],
                TinyProgram.SETTINGS)).withMessageStartingWith("this is no SavedModel");
    }

    /** The proof that it matters: TensorFlow itself loads such a program and writes the file. */
    @Test
    void nothingIsWrittenByAProgramThatWouldWrite() throws Exception {
        Path written = folder.resolve("written");
        byte[] writing = changed(program -> program.getGraphDefBuilder().addNode(text("name", written.toString()))
                .addNode(text("content", "owned"))
                .addNode(node("WriteFile", "leak").addInput("name").addInput("content"))
                .getNodeBuilderList().stream().filter(node -> node.getName().equals(logits(program))).findFirst().orElseThrow()
                .addInput("^leak"));
        Files.write(folder.resolve(SavedModelFile.NAME), writing);
        int[] shape = {-1, TinyProgram.GEOMETRY.height(), TinyProgram.GEOMETRY.width(), TinyProgram.GEOMETRY.channels()};
        float[] image = new float[TinyProgram.GEOMETRY.imageSize()];
        try (LoadedModel unchecked = new LoadedModel(folder, ProgramSignature.PREDICT, TinyProgram.SETTINGS)) {
            LoadedVariables.write(unchecked.signature(ProgramSignature.ASSIGN), WEIGHTS);
            Prediction.logits(unchecked.signature(ProgramSignature.PREDICT), image, shape, 1);
        }
        assertThat(written).hasContent("owned");
        Files.delete(written);

        assertThatIllegalArgumentException().isThrownBy(() -> ModelProgram.load(writing, TinyProgram.SETTINGS))
                .withMessageContaining("'WriteFile'");
        assertThatIllegalArgumentException().isThrownBy(() ->
                ExportedModel.write(folder.resolve("model"), writing, "cnn4", WEIGHTS)).withMessageContaining("'WriteFile'");
        assertThat(written).doesNotExist();
    }

    @Test
    void whatWasNotLookedAtIsNotLoaded() throws Exception {
        SavedModel.Builder model = SavedModel.parseFrom(PROGRAM).toBuilder();
        model.getMetaGraphsBuilder(0).getGraphDefBuilder().setUnknownFields(UnknownFieldSet.newBuilder().addField(4000,
                UnknownFieldSet.Field.newBuilder().addLengthDelimited(ByteString.copyFromUtf8("later")).build()).build());

        assertThat(CheckedProgram.parse(model.build().toByteArray())).isEqualTo(SavedModel.parseFrom(PROGRAM));
    }

    /** TensorFlow knows each, and those that have a state keep it in variables or are calls of functions that are checked. */
    @Test
    void theOperationsThatAreAllowedAreThere() {
        TensorFlow.start();
        Map<String, OpDef> known = org.tensorflow.TensorFlow.registeredOpList().getOpList().stream()
                .collect(Collectors.toMap(OpDef::getName, operation -> operation));

        assertThat(known.keySet()).containsAll(CheckedProgram.operations());
        Set<String> stateful = new TreeSet<>(CheckedProgram.operations());
        stateful.removeIf(name -> !known.get(name).getIsStateful());
        assertThat(stateful).allMatch(name -> name.matches("(Resource(Apply|Gather|Scatter)|Var|(Assign|Read).*VariableOp"
                + "|If$|Case$|While$|StatefulPartitionedCall$|StatelessRandomGetAlg$).*"));
    }

    private static String logits(MetaGraphDef.Builder program) {
        return SavedModelFile.source(program.getSignatureDefOrThrow(ProgramSignature.PREDICT)
                .getOutputsOrThrow(ProgramSignature.LOGITS).getName());
    }

    private void assertRefused(Consumer<MetaGraphDef.Builder> change, String message) {
        byte[] changed = changed(change);
        assertThatIllegalArgumentException().isThrownBy(() -> ModelProgram.load(changed, TinyProgram.SETTINGS))
                .withMessageStartingWith(message);
        assertThatIllegalArgumentException().isThrownBy(() ->
                ExportedModel.write(folder.resolve("model"), changed, "cnn4", WEIGHTS)).withMessageStartingWith(message);
    }

    private static byte[] changed(Consumer<MetaGraphDef.Builder> change) {
        try {
            SavedModel.Builder model = SavedModel.parseFrom(PROGRAM).toBuilder();
            change.accept(model.getMetaGraphsBuilder(0));
            return model.build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void load(SavedModel.Builder model) {
        ModelProgram.load(model.build().toByteArray(), TinyProgram.SETTINGS).close();
    }

    private static NodeDef.Builder node(String operation, String name) {
        return NodeDef.newBuilder().setName(name).setOp(operation);
    }

    private static NodeDef text(String name, String value) {
        return node("Const", name).putAttr("dtype", AttrValue.newBuilder().setType(DataType.DT_STRING).build())
                .putAttr("value", AttrValue.newBuilder().setTensor(TensorProto.newBuilder().setDtype(DataType.DT_STRING)
                        .setTensorShape(TensorShapeProto.getDefaultInstance())
                        .addStringVal(ByteString.copyFromUtf8(value))).build())
                .build();
    }

    private static FunctionDef function(String name, NodeDef.Builder... nodes) {
        FunctionDef.Builder function = FunctionDef.newBuilder().setSignature(OpDef.newBuilder().setName(name));
        List.of(nodes).forEach(function::addNodeDef);
        return function.build();
    }
}

package io.sparring.learning;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;

/**
 * What a program must be before TensorFlow sees it, whoever made it: a program from a topic is code. Its operations, those of its
 * functions' bodies included, are among {@code allowed-operations.txt}; nothing in it makes TensorFlow's loader run or read
 * anything; and no node is placed on another process.
 */
final class CheckedProgram {

    /** In bytes. The largest in runs/, of a wideresnet-34-10 with 30 unrolled steps, has 4 MiB; parsed, several times that. */
    static final int LARGEST = 64 * 1024 * 1024;

    /** What the loader runs or reads is announced by signatures that begin so, too. */
    private static final String RESERVED = "__saved_model";

    private static final Pattern DEVICE =
            Pattern.compile("(/job:localhost)?(/replica:0)?(/task:0)?(/(device:)?(CPU|GPU|cpu|gpu):(\\d{1,4}|\\*))?");

    /** What this release does not know is not looked at, so it is not to reach TensorFlow either. */
    private static final Parser<SavedModel> PARSER = DiscardUnknownFieldsParser.wrap(SavedModel.parser());

    private static final Set<String> OPERATIONS = operations();

    private CheckedProgram() {
    }

    /**
     * Parses a program and refuses what is not allowed.
     *
     * @return all that was looked at: what is loaded is to be made of this, not of the bytes
     * @throws IllegalArgumentException naming the operation and its node, or what else is not allowed, and what is
     */
    static SavedModel parse(byte[] savedModel) {
        requireSize(savedModel);
        return parseAny(savedModel);
    }

    /** The same of any size: for who has a model of his own, with its weights in it. */
    static SavedModel parseAny(byte[] savedModel) {
        SavedModel model;
        try {
            model = PARSER.parseFrom(savedModel);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("this is no SavedModel: " + e.getMessage(), e);
        }
        model.getMetaGraphsList().forEach(CheckedProgram::require);
        return model;
    }

    /** @throws IllegalArgumentException if nobody would load a program of this size */
    static void requireSize(byte[] savedModel) {
        Setting.require(savedModel.length <= LARGEST, "size of the model program", savedModel.length + " bytes",
                "at most " + LARGEST + "; unrolled attack steps are most of a program");
    }

    /** The operations that a program may have. */
    static Set<String> operations() {
        try (InputStream file = CheckedProgram.class.getResourceAsStream("allowed-operations.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Pattern.compile("\\s+").splitAsStream(line)).filter(name -> !name.isEmpty())
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void require(MetaGraphDef graph) {
        Setting.require(!graph.hasSaverDef(), "saver of the model program", graph.getSaverDef().getRestoreOpName(),
                "none: weights come from assign");
        Setting.require(graph.getAssetFileDefCount() == 0, "assets of the model program", graph.getAssetFileDefList().stream()
                .map(asset -> asset.getFilename()).toList(), "none");
        Setting.require(graph.getCollectionDefCount() == 0, "collections of the model program",
                graph.getCollectionDefMap().keySet(), "none, since TensorFlow's loader runs and reads what some of them name");
        for (String signature : graph.getSignatureDefMap().keySet()) {
            Setting.require(!signature.startsWith(RESERVED), "signature of the model program", signature,
                    "names that do not begin with " + RESERVED + ", which TensorFlow's loader runs");
        }
        require(graph.getGraphDef().getNodeList(), "");
        for (FunctionDef function : graph.getGraphDef().getLibrary().getFunctionList()) {
            require(function.getNodeDefList(), " of the function '" + function.getSignature().getName() + "'");
        }
    }

    private static void require(List<NodeDef> nodes, String where) {
        for (NodeDef node : nodes) {
            Setting.require(OPERATIONS.contains(node.getOp()), "operation of the node '" + node.getName() + "'" + where,
                    node.getOp(), "mathematics, networks, images, variables, seeded random numbers and calls of functions, as "
                            + "docs/security.md says; no files, no processes, no Python");
            Setting.require(DEVICE.matcher(node.getDevice()).matches(), "device of the node '" + node.getName() + "'" + where,
                    node.getDevice(), "none, or a CPU or GPU of this process");
        }
    }
}

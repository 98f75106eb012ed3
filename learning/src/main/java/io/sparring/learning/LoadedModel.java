package io.sparring.learning;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.tensorflow.engine.TfSymbolBlock;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.proto.SignatureDef;

/** A SavedModel that DJL's TensorFlow engine has loaded: its signatures, all in one session. */
final class LoadedModel implements AutoCloseable {

    private final Model model;
    private final Map<String, LoadedSignature> signatures = new TreeMap<>();

    /**
     * @param directory holds the {@code saved_model.pb}; not needed any more once this returns
     * @param signature one that the model must have
     * @throws IllegalArgumentException when it is no SavedModel or lacks the signature
     */
    LoadedModel(Path directory, String signature, ExecutionSettings settings) {
        TensorFlow.start(settings);
        // DJL's device is that of the tensors which go in and out; the session copies them to its own
        model = Model.newInstance("sparring", ai.djl.Device.cpu(), TensorFlow.ENGINE);
        try {
            model.load(directory, SavedModelFile.NAME,
                    Map.of("SignatureDefKey", signature, "ConfigProto", settings.configuration()));
            TfSymbolBlock block = (TfSymbolBlock) model.getBlock();
            Map<String, SignatureDef> definitions =
                    block.getSavedModelBundle().getMetaGraphDef().getSignatureDefMap();
            if (!definitions.containsKey(signature)) {
                throw new IllegalArgumentException("the model has no signature '" + signature + "'");
            }
            definitions.forEach((name, definition) -> signatures.put(name, new LoadedSignature(
                    new TfSymbolBlock(block.getSavedModelBundle(), name), definition)));
        } catch (MalformedModelException | FileNotFoundException e) {
            close();
            throw new IllegalArgumentException("this is no SavedModel: " + e.getMessage(), e);
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            close();
            throw e instanceof IllegalArgumentException ? e
                    : new IllegalArgumentException("this is no SavedModel that can be loaded: " + e.getMessage(), e);
        }
    }

    /** The signatures by name, sorted. */
    Map<String, LoadedSignature> signatures() {
        return signatures;
    }

    /** @throws IllegalArgumentException when there is no such signature */
    LoadedSignature signature(String name) {
        LoadedSignature signature = signatures.get(name);
        if (signature == null) {
            throw new IllegalArgumentException("the model has no signature '" + name + "'; it has: "
                    + String.join(", ", signatures.keySet()));
        }
        return signature;
    }

    /** A scope for the tensors of one call. */
    static NDManager scope() {
        return Engine.getEngine(TensorFlow.ENGINE).newBaseManager(ai.djl.Device.cpu());
    }

    @Override
    public void close() {
        signatures.values().forEach(LoadedSignature::close);
        model.close();
    }
}

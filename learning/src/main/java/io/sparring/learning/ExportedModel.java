package io.sparring.learning;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.UUID;

/**
 * A trained model for others to use: a plain TensorFlow SavedModel that holds its weights and whose
 * {@code serving_default} takes {@code images} (N x H x W x C, in [0,1]) and gives {@code logits} (N x classes). The weights
 * lie beside it as {@code weights.safetensors}. A loaded one is used by one thread at a time.
 */
public final class ExportedModel implements AutoCloseable {

    /** The file beside the SavedModel. */
    public static final String WEIGHTS = "weights.safetensors";

    private final LoadedModel model;

    private ExportedModel(LoadedModel model) {
        this.model = model;
    }

    /**
     * Writes the model into a new directory, which appears whole or not at all.
     *
     * @param program the model program, from {@link ModelProgramBuilder} or made elsewhere
     * @param network its name, for the weights' file
     * @throws IllegalArgumentException when the weights are not those of the program
     * @throws UncheckedIOException     when the directory exists already or cannot be written
     */
    public static void write(Path directory, byte[] program, String network, Tensors weights) {
        byte[] savedModel = FrozenProgram.savedModel(program, weights);
        Path target = directory.toAbsolutePath();
        // A sibling, so that the move stays within one file system.
        Path written = target.resolveSibling("." + target.getFileName() + "-" + UUID.randomUUID());
        try {
            if (Files.exists(target)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            Files.createDirectories(written);
            try {
                Files.write(written.resolve(SavedModelFile.NAME), savedModel);
                Files.write(written.resolve(WEIGHTS), SafeTensors.encode(weights, Map.of("network", network)));
                Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(written.resolve(SavedModelFile.NAME));
                Files.deleteIfExists(written.resolve(WEIGHTS));
                Files.deleteIfExists(written);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Loads a model that {@link #write} wrote.
     *
     * @throws IllegalArgumentException when there is no such model
     */
    public static ExportedModel load(Path directory, ExecutionSettings settings) {
        return new ExportedModel(new LoadedModel(directory, ProgramSignature.SERVING, settings));
    }

    /** The logits of {@code count} images, a row each. */
    public float[][] predict(float[] images, int count) {
        LoadedSignature serving = model.signature(ProgramSignature.SERVING);
        int[] shape = serving.inputs().get(ProgramSignature.IMAGES);
        ImageCheck.images("images", images, count, shape[1] * shape[2] * shape[3]);
        return Prediction.logits(serving, images, shape, count);
    }

    @Override
    public void close() {
        model.close();
    }
}

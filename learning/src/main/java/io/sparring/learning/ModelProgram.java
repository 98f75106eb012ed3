package io.sparring.learning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * A model program, loaded: a session of its own, whose weights are unset until {@link #assign} gives them. Used by one
 * thread at a time. On the CPU, the same calls give the same bits.
 *
 * <p>Images are NHWC in [0,1], row-major in one array; labels are 0 to classes - 1. Every call throws
 * {@link IllegalArgumentException} for input of the wrong size or range, and {@link IllegalStateException} before weights
 * are assigned and after {@link #close}.
 */
public final class ModelProgram implements AutoCloseable {

    private final LoadedModel model;
    private final int[] imageShape;
    private final int imageSize;
    private final int classes;
    private boolean assigned;
    private boolean closed;

    private ModelProgram(LoadedModel model) {
        this.model = model;
        LoadedSignature predict = model.signature(ProgramSignature.PREDICT);
        this.imageShape = predict.inputs().get(ProgramSignature.IMAGES);
        this.imageSize = imageShape[1] * imageShape[2] * imageShape[3];
        this.classes = predict.outputs().get(ProgramSignature.LOGITS)[1];
    }

    /**
     * Loads what {@link ModelProgramBuilder} built, or another SavedModel with the same signatures.
     *
     * @throws IllegalArgumentException when the bytes are no model program
     */
    public static ModelProgram load(byte[] savedModel, ExecutionSettings settings) {
        try {
            Path directory = Files.createTempDirectory("sparring-program");
            Path file = directory.resolve(SavedModelFile.NAME);
            try {
                Files.write(file, savedModel);
                return new ModelProgram(new LoadedModel(directory, ProgramSignature.PREDICT, settings));
            } finally {
                Files.deleteIfExists(file);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of the program's attacks, sorted. */
    public Set<String> attacks() {
        Set<String> attacks = new TreeSet<>();
        for (String signature : model.signatures().keySet()) {
            if (signature.startsWith(ProgramSignature.ATTACK)) {
                attacks.add(signature.substring(ProgramSignature.ATTACK.length()));
            }
        }
        return attacks;
    }

    /** Sets the weights, moving statistics included, and the optimizer's momenta to zero. */
    public void assign(Tensors weights) {
        Tensors.Builder zeros = Tensors.builder();
        model.signature(ProgramSignature.ASSIGN_OPTIMIZER).inputs().forEach((name, shape) ->
                zeros.put(name, shape, new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)]));
        assign(weights, zeros.build());
    }

    /** Sets the weights, moving statistics included, and the optimizer's momenta. */
    public void assign(Tensors weights, Tensors optimizer) {
        requireOpen();
        weights.requireFitting("weights", model.signature(ProgramSignature.ASSIGN).inputs());
        optimizer.requireFitting("optimizer", model.signature(ProgramSignature.ASSIGN_OPTIMIZER).inputs());
        write(ProgramSignature.ASSIGN, weights);
        write(ProgramSignature.ASSIGN_OPTIMIZER, optimizer);
        assigned = true;
    }

    /** The weights as they are now, moving statistics included, sorted by name. */
    public Tensors weights() {
        return read(ProgramSignature.READ);
    }

    /** The optimizer's momenta as they are now, sorted by name: those of the weights, with {@code /momentum} behind. */
    public Tensors optimizer() {
        return read(ProgramSignature.READ_OPTIMIZER);
    }

    /** The logits of {@code count} images, a row each, in evaluation mode. */
    public float[][] predict(float[] images, int count) {
        requireAssigned();
        ImageCheck.images("images", images, count, imageSize);
        return Prediction.logits(model.signature(ProgramSignature.PREDICT), images, imageShape, count);
    }

    /**
     * Perturbs images so that the network errs, in evaluation mode. The same arguments and weights give the same result.
     *
     * @param attack   one of {@link #attacks()}
     * @param seed     of the random start
     * @param epsilon  the ball's radius, in units of [0,1]
     * @param stepSize of one step, likewise
     */
    public AttackResult attack(
            String attack, float[] images, int[] labels, long seed, float epsilon, float stepSize) {
        requireAssigned();
        Setting.requireKnown(attacks(), "attack", attack);
        ImageCheck.images("images", images, labels.length, imageSize);
        ImageCheck.labels(labels, classes);
        ImageCheck.rate("epsilon", epsilon);
        ImageCheck.rate("stepSize", stepSize);
        try (NDManager scope = LoadedModel.scope()) {
            Map<String, NDArray> result = model.signature(ProgramSignature.ATTACK + attack).run(scope, Map.of(
                    ProgramSignature.IMAGES, images(scope, images, labels.length),
                    ProgramSignature.LABELS, scope.create(labels),
                    ProgramSignature.SEED, scope.create(seed),
                    ProgramSignature.EPSILON, scope.create(epsilon),
                    ProgramSignature.STEP_SIZE, scope.create(stepSize)));
            return new AttackResult(
                    result.get(ProgramSignature.PERTURBED).toFloatArray(),
                    result.get(ProgramSignature.LOSS_BEFORE).toFloatArray(),
                    result.get(ProgramSignature.LOSS_AFTER).toFloatArray(),
                    result.get(ProgramSignature.PREDICTED_AFTER).toIntArray());
        }
    }

    /**
     * One step of the program's objective, batch normalisation in train mode.
     *
     * @param clean        the images
     * @param perturbed    what an attack made of them
     * @param learningRate of this step
     * @param lambda       the weight of the objective's further terms; unused by those that have none
     */
    public TrainingLosses train(
            float[] clean, float[] perturbed, int[] labels, float learningRate, float lambda) {
        requireAssigned();
        ImageCheck.images("clean", clean, labels.length, imageSize);
        ImageCheck.images("perturbed", perturbed, labels.length, imageSize);
        ImageCheck.labels(labels, classes);
        ImageCheck.rate("learningRate", learningRate);
        ImageCheck.rate("lambda", lambda);
        try (NDManager scope = LoadedModel.scope()) {
            Map<String, NDArray> result = model.signature(ProgramSignature.TRAIN).run(scope, Map.of(
                    ProgramSignature.IMAGES, images(scope, clean, labels.length),
                    ProgramSignature.PERTURBED, images(scope, perturbed, labels.length),
                    ProgramSignature.LABELS, scope.create(labels),
                    ProgramSignature.LEARNING_RATE, scope.create(learningRate),
                    ProgramSignature.LAMBDA, scope.create(lambda)));
            Map<String, Float> terms = new HashMap<>();
            result.forEach((name, value) -> terms.put(name, value.getFloat()));
            Float correctClean = terms.get(ObjectiveTerms.CORRECT_CLEAN);
            return new TrainingLosses(
                    terms.get(ObjectiveTerms.TOTAL),
                    terms.get(ObjectiveTerms.CROSS_ENTROPY),
                    terms.getOrDefault(ObjectiveTerms.PERCEPTION, 0f),
                    Math.round(terms.get(ObjectiveTerms.CORRECT_PERTURBED)),
                    correctClean == null ? OptionalInt.empty() : OptionalInt.of(Math.round(correctClean)));
        }
    }

    /** Frees the session and all that is native. Calling it again does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            model.close();
        }
    }

    private NDArray images(NDManager scope, float[] images, int count) {
        return scope.create(images, new Shape(count, imageShape[1], imageShape[2], imageShape[3]));
    }

    private void write(String signature, Tensors tensors) {
        try (NDManager scope = LoadedModel.scope()) {
            Map<String, NDArray> inputs = new HashMap<>();
            for (String name : tensors.names()) {
                long[] shape = Arrays.stream(tensors.shape(name)).asLongStream().toArray();
                inputs.put(name, scope.create(tensors.sharedValues(name), new Shape(shape)));
            }
            model.signature(signature).run(scope, inputs);
        }
    }

    private Tensors read(String signature) {
        requireAssigned();
        LoadedSignature read = model.signature(signature);
        try (NDManager scope = LoadedModel.scope()) {
            Map<String, NDArray> values = read.run(scope, Map.of(ProgramSignature.NOTHING, scope.create(0f)));
            Tensors.Builder tensors = Tensors.builder();
            read.outputs().forEach((name, shape) -> tensors.put(name, shape, values.get(name).toFloatArray()));
            return tensors.build();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the model program is closed");
        }
    }

    private void requireAssigned() {
        requireOpen();
        if (!assigned) {
            throw new IllegalStateException("the model program has no weights yet");
        }
    }
}

package io.sparring.learning;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        this.imageShape = ProgramContract.shape("predict takes images", predict.inputs().get(ProgramSignature.IMAGES), 4);
        this.imageSize = imageShape[1] * imageShape[2] * imageShape[3];
        this.classes = ProgramContract.shape("predict gives logits", predict.outputs().get(ProgramSignature.LOGITS), 2)[1];
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
                return of(new LoadedModel(directory, ProgramSignature.PREDICT, settings));
            } finally {
                Files.deleteIfExists(file);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ModelProgram of(LoadedModel model) {
        try {
            return new ModelProgram(model);
        } catch (IllegalArgumentException e) {
            model.close();
            throw e;
        }
    }

    /** The images it takes and the classes it tells apart. */
    public Geometry geometry() {
        return new Geometry(imageShape[1], imageShape[2], imageShape[3], classes);
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

    /** Whether it has that loss's gradient by the image. */
    public boolean gives(GradientLoss loss) {
        return model.signatures().containsKey(ProgramSignature.GRADIENT + loss.key());
    }

    /** How many augmented views of each image {@link #train} takes, 1 or 2. */
    public int views() {
        return inputs(ProgramSignature.TRAIN).containsKey(ProgramSignature.SECOND_IMAGES) ? 2 : 1;
    }

    /** Whether the program keeps an average of the weights, which is what is to be evaluated and exported then. */
    public boolean averages() {
        return model.signatures().containsKey(ProgramSignature.READ_AVERAGED);
    }

    /**
     * Refuses a program made elsewhere that a run cannot be trained with.
     *
     * @param attacks that it is to have
     * @throws IllegalArgumentException naming the signature, and what is wrong with what it takes or gives
     */
    public void requireTrainable(Set<String> attacks) {
        ProgramContract.require(model, attacks);
    }

    /** @throws IllegalArgumentException unless these are the program's weights, by name and shape */
    public void requireFitting(String what, Tensors weights) {
        weights.requireFitting(what, weightShapes());
    }

    /** Sets the weights, moving statistics included, their averages to the same, and the optimizer's momenta to zero. */
    public void assign(Tensors weights) {
        assign(weights, Tensors.zeros(inputs(ProgramSignature.ASSIGN_OPTIMIZER)));
    }

    /** Sets the weights, moving statistics included, their averages to the same, and the optimizer's momenta. */
    public void assign(Tensors weights, Tensors optimizer) {
        requireOpen();
        weights.requireFitting("weights", inputs(ProgramSignature.ASSIGN));
        optimizer.requireFitting("optimizer", inputs(ProgramSignature.ASSIGN_OPTIMIZER));
        LoadedVariables.write(model.signature(ProgramSignature.ASSIGN), weights);
        LoadedVariables.write(model.signature(ProgramSignature.ASSIGN_OPTIMIZER), optimizer);
        if (averages()) {
            LoadedVariables.write(model.signature(ProgramSignature.ASSIGN_AVERAGED), weights);
        }
        assigned = true;
    }

    /**
     * Sets the weights, the optimizer's momenta and the averaged weights, moving statistics included in both.
     *
     * @throws IllegalArgumentException also when the program keeps no averages
     */
    public void assign(Tensors weights, Tensors optimizer, Tensors averaged) {
        requireOpen();
        averaged.requireFitting("averaged", inputs(ProgramSignature.ASSIGN_AVERAGED));
        assign(weights, optimizer);
        LoadedVariables.write(model.signature(ProgramSignature.ASSIGN_AVERAGED), averaged);
    }

    /** The weights as they are now, moving statistics included, sorted by name. */
    public Tensors weights() {
        return read(ProgramSignature.READ);
    }

    /** The optimizer's momenta as they are now, sorted by name: those of the weights, with {@code /momentum} behind. */
    public Tensors optimizer() {
        return read(ProgramSignature.READ_OPTIMIZER);
    }

    /**
     * The averaged weights as they are now, with the names of the weights, so that they can be assigned as such.
     *
     * @throws IllegalArgumentException when the program keeps no averages
     */
    public Tensors averaged() {
        return read(ProgramSignature.READ_AVERAGED);
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
        return new AttackCall(model.signature(ProgramSignature.ATTACK + attack), imageShape)
                .run(images, labels, seed, epsilon, stepSize);
    }

    /**
     * The logits of images, a loss of each and its gradient by the image, in evaluation mode: for attacks that live outside the
     * graph.
     *
     * @param targets a class for each image; only the targeted loss looks at them
     * @throws IllegalArgumentException also when the loss needs more classes than there are
     */
    public ImageGradient gradient(GradientLoss loss, float[] images, int[] labels, int[] targets) {
        requireAssigned();
        ImageCheck.images("images", images, labels.length, imageSize);
        ImageCheck.labels(labels, classes);
        ImageCheck.labels(targets, classes);
        Setting.require(targets.length == labels.length, "targets", targets.length, "one for each image");
        return new GradientCall(model.signature(ProgramSignature.GRADIENT + loss.key()), imageShape)
                .run(images, labels, targets);
    }

    /**
     * One step of an objective with one view, with the papers' β and averaging.
     *
     * @param clean        the images
     * @param perturbed    what an attack made of them
     * @param learningRate of this step
     * @param lambda       the weight of the objective's further terms; unused by those that have none
     */
    public TrainingLosses train(
            float[] clean, float[] perturbed, int[] labels, float learningRate, float lambda) {
        return train(List.of(new TrainingView(clean, perturbed)), labels,
                new TrainingParameters(learningRate, lambda));
    }

    /**
     * One step of the program's objective, batch normalisation in train mode.
     *
     * @param views as many as {@link #views()} says, each of all images in the order of the labels
     */
    public TrainingLosses train(List<TrainingView> views, int[] labels, TrainingParameters parameters) {
        requireAssigned();
        Setting.require(views.size() == views(), "views", views.size(), Integer.toString(views()));
        for (TrainingView view : views) {
            ImageCheck.images("clean", view.clean(), labels.length, imageSize);
            ImageCheck.images("perturbed", view.perturbed(), labels.length, imageSize);
        }
        ImageCheck.labels(labels, classes);
        return new TrainingCall(model.signature(ProgramSignature.TRAIN), imageShape).run(views, labels, parameters);
    }

    /** Frees the session and all that is native. Calling it again does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            model.close();
        }
    }

    /** The shape of each of the weights. */
    Map<String, int[]> weightShapes() {
        return inputs(ProgramSignature.ASSIGN);
    }

    /** How many values one image has. */
    int imageSize() {
        return imageSize;
    }

    private Map<String, int[]> inputs(String signature) {
        return model.signature(signature).inputs();
    }

    private Tensors read(String signature) {
        requireAssigned();
        return LoadedVariables.read(model.signature(signature));
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

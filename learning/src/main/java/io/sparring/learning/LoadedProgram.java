package io.sparring.learning;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The program that DJL's TensorFlow engine has loaded. */
final class LoadedProgram implements ModelProgram {

    private final LoadedModel model;
    private final String platform;
    private final int[] imageShape;
    private final int imageSize;
    private final int classes;
    private boolean assigned;
    private boolean closed;

    private LoadedProgram(LoadedModel model, String platform) {
        this.model = model;
        this.platform = platform;
        LoadedSignature predict = model.signature(ProgramSignature.PREDICT);
        this.imageShape = ProgramContract.shape("predict takes images", predict.inputs().get(ProgramSignature.IMAGES), 4);
        this.imageSize = imageShape[1] * imageShape[2] * imageShape[3];
        this.classes = ProgramContract.shape("predict gives logits", predict.outputs().get(ProgramSignature.LOGITS), 2)[1];
        // one without the signature has its weights in itself
        this.assigned = !model.signatures().containsKey(ProgramSignature.ASSIGN);
    }

    static LoadedProgram load(byte[] savedModel, ExecutionSettings settings) {
        return loadChecked(PerturbSignatures.added(CheckedProgram.parse(savedModel)).toByteArray(), settings);
    }

    /** @param checked what {@link CheckedProgram} has looked at */
    static LoadedProgram loadChecked(byte[] checked, ExecutionSettings settings) {
        try {
            Path directory = Files.createTempDirectory("sparring-program");
            Path file = directory.resolve(SavedModelFile.NAME);
            try {
                Files.write(file, checked);
                return of(new LoadedModel(directory, ProgramSignature.PREDICT, settings), Platform.of(settings).toString());
            } finally {
                Files.deleteIfExists(file);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LoadedProgram of(LoadedModel model, String platform) {
        try {
            return new LoadedProgram(model, platform);
        } catch (IllegalArgumentException e) {
            model.close();
            throw e;
        }
    }

    @Override
    public Geometry geometry() {
        return new Geometry(imageShape[1], imageShape[2], imageShape[3], classes);
    }

    @Override
    public String platform() {
        return platform;
    }

    @Override
    public Set<String> attacks() {
        Set<String> attacks = new TreeSet<>();
        for (String signature : model.signatures().keySet()) {
            if (signature.startsWith(ProgramSignature.ATTACK)) {
                attacks.add(signature.substring(ProgramSignature.ATTACK.length()));
            }
        }
        return attacks;
    }

    @Override
    public boolean gives(GradientLoss loss) {
        return model.signatures().containsKey(ProgramSignature.GRADIENT + loss.key());
    }

    @Override
    public int views() {
        return inputs(ProgramSignature.TRAIN).containsKey(ProgramSignature.SECOND_IMAGES) ? 2 : 1;
    }

    @Override
    public boolean averages() {
        return model.signatures().containsKey(ProgramSignature.READ_AVERAGED);
    }

    @Override
    public void requireTrainable(Set<String> attacks) {
        ProgramContract.require(model, attacks);
    }

    @Override
    public void requireFitting(String what, Tensors weights) {
        weights.requireFitting(what, weightShapes());
    }

    @Override
    public void assign(Tensors weights) {
        assign(weights, Tensors.zeros(inputs(ProgramSignature.ASSIGN_OPTIMIZER)));
    }

    @Override
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

    @Override
    public void assign(Tensors weights, Tensors optimizer, Tensors averaged) {
        requireOpen();
        averaged.requireFitting("averaged", inputs(ProgramSignature.ASSIGN_AVERAGED));
        assign(weights, optimizer);
        LoadedVariables.write(model.signature(ProgramSignature.ASSIGN_AVERAGED), averaged);
    }

    @Override
    public Tensors weights() {
        return read(ProgramSignature.READ);
    }

    @Override
    public Tensors optimizer() {
        return read(ProgramSignature.READ_OPTIMIZER);
    }

    @Override
    public Tensors averaged() {
        return read(ProgramSignature.READ_AVERAGED);
    }

    @Override
    public float[][] predict(float[] images, int count) {
        requireAssigned();
        ImageCheck.images("images", images, count, imageSize);
        return Prediction.logits(model.signature(ProgramSignature.PREDICT), images, imageShape, count);
    }

    @Override
    public AttackResult attack(
            String attack, float[] images, int[] labels, long seed, float epsilon, float stepSize) {
        requireAttackable(attack, images, labels, epsilon, stepSize);
        return new AttackCall(model.signature(ProgramSignature.ATTACK + attack), imageShape)
                .run(images, labels, seed, epsilon, stepSize);
    }

    @Override
    public float[] perturb(String attack, float[] images, int[] labels, long seed, float epsilon, float stepSize) {
        requireAttackable(attack, images, labels, epsilon, stepSize);
        return new AttackCall(model.signature(ProgramSignature.ONLY_PERTURB + ProgramSignature.ATTACK + attack), imageShape)
                .perturb(images, labels, seed, epsilon, stepSize);
    }

    @Override
    public boolean continues(String attack) {
        return model.signatures().containsKey(ProgramSignature.CONTINUE + attack);
    }

    @Override
    public AttackResult continueAttack(
            String attack, float[] images, float[] perturbed, int[] labels, float epsilon, float stepSize) {
        requireContinuable(images, perturbed, labels, epsilon, stepSize);
        return new AttackCall(model.signature(ProgramSignature.CONTINUE + attack), imageShape)
                .goOn(images, perturbed, labels, epsilon, stepSize);
    }

    @Override
    public float[] perturbFurther(
            String attack, float[] images, float[] perturbed, int[] labels, float epsilon, float stepSize) {
        requireContinuable(images, perturbed, labels, epsilon, stepSize);
        return new AttackCall(model.signature(ProgramSignature.ONLY_PERTURB + ProgramSignature.CONTINUE + attack), imageShape)
                .perturbFurther(images, perturbed, labels, epsilon, stepSize);
    }

    @Override
    public ImageGradient gradient(GradientLoss loss, float[] images, int[] labels, int[] targets) {
        requireAssigned();
        ImageCheck.images("images", images, labels.length, imageSize);
        ImageCheck.labels(labels, classes);
        ImageCheck.labels(targets, classes);
        Setting.require(targets.length == labels.length, "targets", targets.length, "one for each image");
        return new GradientCall(model.signature(ProgramSignature.GRADIENT + loss.key()), imageShape)
                .run(images, labels, targets);
    }

    @Override
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

    private void requireAttackable(String attack, float[] images, int[] labels, float epsilon, float stepSize) {
        requireAssigned();
        Setting.requireKnown(attacks(), "attack", attack);
        requireMovable(images, labels, epsilon, stepSize);
    }

    private void requireContinuable(float[] images, float[] perturbed, int[] labels, float epsilon, float stepSize) {
        requireAssigned();
        ImageCheck.images("perturbed", perturbed, labels.length, imageSize);
        requireMovable(images, labels, epsilon, stepSize);
    }

    private void requireMovable(float[] images, int[] labels, float epsilon, float stepSize) {
        ImageCheck.images("images", images, labels.length, imageSize);
        ImageCheck.labels(labels, classes);
        ImageCheck.rate("epsilon", epsilon);
        ImageCheck.rate("stepSize", stepSize);
    }

    private void requireAssigned() {
        requireOpen();
        if (!assigned) {
            throw new IllegalStateException("the model program has no weights yet");
        }
    }
}

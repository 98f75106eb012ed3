package io.sparring.learning.autoattack;

import io.sparring.learning.AttackResult;
import io.sparring.learning.Geometry;
import io.sparring.learning.GradientLoss;
import io.sparring.learning.ImageGradient;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.Tensors;
import io.sparring.learning.TrainingLosses;
import io.sparring.learning.TrainingParameters;
import io.sparring.learning.TrainingView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A model that can be computed by hand, and remembers each image it was shown. It only predicts and gives gradients. */
final class FakeProgram implements ModelProgram {

    /** What the model says of one image. */
    interface Model {

        float[] logits(float[] image);

        /** The loss and, behind it, its gradient. */
        float[] loss(GradientLoss loss, float[] image, int label, int target);
    }

    /** Logits that are linear in the image, {@code slopes[class][value]}, and the gradient of their difference. */
    record Linear(float[][] slopes, float[] offsets) implements Model {

        @Override
        public float[] logits(float[] image) {
            float[] logits = offsets.clone();
            for (int k = 0; k < logits.length; k++) {
                for (int i = 0; i < image.length; i++) {
                    logits[k] += slopes[k][i] * image[i];
                }
            }
            return logits;
        }

        @Override
        public float[] loss(GradientLoss loss, float[] image, int label, int target) {
            float[] logits = logits(image);
            float[] result = new float[image.length + 1];
            result[0] = logits[target] - logits[label];
            for (int i = 0; i < image.length; i++) {
                result[i + 1] = slopes[target][i] - slopes[label][i];
            }
            return result;
        }
    }

    final List<float[]> shown = new ArrayList<>();
    private final Geometry geometry;
    private final Model model;
    private final Set<GradientLoss> losses;

    FakeProgram(Geometry geometry, Model model, GradientLoss... losses) {
        this.geometry = geometry;
        this.model = model;
        this.losses = EnumSet.noneOf(GradientLoss.class);
        this.losses.addAll(Arrays.asList(losses));
    }

    @Override
    public Geometry geometry() {
        return geometry;
    }

    @Override
    public boolean gives(GradientLoss loss) {
        return losses.contains(loss);
    }

    @Override
    public float[][] predict(float[] images, int count) {
        float[][] logits = new float[count][];
        for (int i = 0; i < count; i++) {
            float[] image = Rows.of(images, geometry.imageSize(), i);
            shown.add(image);
            logits[i] = model.logits(image);
        }
        return logits;
    }

    @Override
    public ImageGradient gradient(GradientLoss loss, float[] images, int[] labels, int[] targets) {
        float[][] logits = predict(images, labels.length);
        float[] values = new float[labels.length];
        float[] gradients = new float[images.length];
        int size = geometry.imageSize();
        for (int i = 0; i < labels.length; i++) {
            float[] result = model.loss(loss, Rows.of(images, size, i), labels[i], targets[i]);
            values[i] = result[0];
            System.arraycopy(result, 1, gradients, i * size, size);
        }
        return new ImageGradient(logits, values, gradients);
    }

    @Override
    public Set<String> attacks() {
        return Set.of();
    }

    @Override
    public int views() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean averages() {
        return false;
    }

    @Override
    public void requireTrainable(Set<String> attacks) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void requireFitting(String what, Tensors weights) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void assign(Tensors weights) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void assign(Tensors weights, Tensors optimizer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void assign(Tensors weights, Tensors optimizer, Tensors averaged) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Tensors weights() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Tensors optimizer() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Tensors averaged() {
        throw new UnsupportedOperationException();
    }

    @Override
    public AttackResult attack(
            String attack, float[] images, int[] labels, long seed, float epsilon, float stepSize) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TrainingLosses train(List<TrainingView> views, int[] labels, TrainingParameters parameters) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
    }

    @Override
    public boolean continues(String attack) {
        return false;
    }

    @Override
    public AttackResult continueAttack(String attack, float[] images, float[] perturbed, int[] labels, float epsilon,
            float stepSize) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String platform() {
        return "fake";
    }
}

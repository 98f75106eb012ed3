package io.sparring.learning.autoattack;

import io.sparring.learning.DifferentiableModel;
import io.sparring.learning.Geometry;
import io.sparring.learning.GradientLoss;
import io.sparring.learning.ImageGradient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A model that can be computed by hand, and remembers each image it was shown. */
final class FakeModel implements DifferentiableModel {

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

    FakeModel(Geometry geometry, Model model, GradientLoss... losses) {
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
}

package io.sparring.learning.autoattack;

import io.sparring.learning.Setting;
import java.util.Arrays;

/**
 * Labelled images to attack. The arrays are shared, and none of the attacks writes to them.
 *
 * @param indices which image of the data set each is: random choices depend on it, not on where in a batch an image is
 * @param images  NHWC in [0,1], row-major in one array
 * @param labels  of each
 */
public record ImageBatch(long[] indices, float[] images, int[] labels) {

    /** @throws IllegalArgumentException unless there are as many of all */
    public ImageBatch {
        Setting.require(indices.length == labels.length, "labels", labels.length, "one for each image: " + indices.length);
        Setting.require(labels.length > 0 && images.length % labels.length == 0, "images", images.length,
                "as many values for each of the images, of which there is one at least: " + labels.length);
    }

    /** How many images there are. */
    public int size() {
        return labels.length;
    }

    /** How many values one image has. */
    public int imageSize() {
        return images.length / labels.length;
    }

    /** Some of the images, by where they are in this batch. */
    public ImageBatch select(int... rows) {
        return new ImageBatch(Arrays.stream(rows).mapToLong(row -> indices[row]).toArray(), Rows.of(images, imageSize(), rows),
                Arrays.stream(rows).map(row -> labels[row]).toArray());
    }

    /** One image. */
    public float[] image(int row) {
        return Rows.of(images, imageSize(), row);
    }
}

package io.sparring.learning.autoattack;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Which images of a batch still stand. The others are no longer computed. */
final class Standing {

    private final ImageBatch batch;
    private int[] rows;

    Standing(ImageBatch batch) {
        this.batch = batch;
        this.rows = IntStream.range(0, batch.size()).toArray();
    }

    boolean isEmpty() {
        return rows.length == 0;
    }

    int count() {
        return rows.length;
    }

    /** Where in the batch the image is that is at a place among those that stand. */
    int row(int place) {
        return rows[place];
    }

    /** Those of the images that stand, one behind the other. */
    float[] images(float[] ofBatch) {
        return Rows.of(ofBatch, batch.imageSize(), rows);
    }

    /** One for each image that stands. */
    int[] classes(int[] ofBatch) {
        return Arrays.stream(rows).map(row -> ofBatch[row]).toArray();
    }

    /** Leaves out what has fallen. */
    void without(boolean[] fallen) {
        rows = Arrays.stream(rows).filter(row -> !fallen[row]).toArray();
    }
}

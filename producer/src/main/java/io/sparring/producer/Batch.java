package io.sparring.producer;

import java.util.Arrays;

/**
 * Some images of one split, in the order in which they are to be used.
 *
 * @param number its place in the sequence, from 0
 * @param epoch how often the whole split was gone through before it, from 0
 * @param pixels unsigned bytes 0 to 255, NHWC; shared, not copied: not to be written to
 * @param labels the class of each image; shared, not copied: not to be written to
 */
public record Batch(long number, long epoch, byte[] pixels, int[] labels) {

    /** How many images there are. */
    public int count() {
        return labels.length;
    }

    /** Equal if the number, the epoch, all pixels and all labels are. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Batch that && number == that.number && epoch == that.epoch
                && Arrays.equals(labels, that.labels) && Arrays.equals(pixels, that.pixels);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(number) + Arrays.hashCode(labels);
    }

    @Override
    public String toString() {
        return "batch %d of epoch %d, %d images".formatted(number, epoch, count());
    }
}

package io.sparring.learning;

/** What must hold of images and labels before they reach the session, where mistakes would go unseen. */
final class ImageCheck {

    private ImageCheck() {
    }

    /** @throws IllegalArgumentException unless there are {@code count} images of that size with values in [0,1] */
    static void images(String what, float[] images, int count, int imageSize) {
        if (count < 1 || images.length != (long) count * imageSize) {
            throw new IllegalArgumentException(what + ": " + images.length + " values are not " + count
                    + " images of " + imageSize);
        }
        for (float value : images) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException(what + ": " + value + " is not in [0,1]");
            }
        }
    }

    /** @throws IllegalArgumentException unless every label is 0 to {@code classes - 1} */
    static void labels(int[] labels, int classes) {
        for (int label : labels) {
            if (label < 0 || label >= classes) {
                throw new IllegalArgumentException("labels: " + label + " is not 0 to " + (classes - 1));
            }
        }
    }

    /** @throws IllegalArgumentException unless the number is finite and not negative */
    static void rate(String what, float value) {
        if (!(value >= 0 && value < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(what + ": " + value + " is not a finite number of at least 0");
        }
    }
}

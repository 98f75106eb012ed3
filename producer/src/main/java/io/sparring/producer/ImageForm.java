package io.sparring.producer;

/**
 * What images of a data set have in common.
 *
 * @param height rows, at least 1
 * @param width columns, at least 1
 * @param channels values of a pixel: 1 is grey, 3 is red, green, blue
 */
record ImageForm(int height, int width, int channels) {

    /** How many bytes an image takes. */
    int bytes() {
        return Math.multiplyExact(Math.multiplyExact(height, width), channels);
    }

    ImageForm inColour() {
        return new ImageForm(height, width, 3);
    }

    ImageForm square(int side) {
        return new ImageForm(side, side, channels);
    }

    boolean isAsLargeAs(ImageForm other) {
        return height == other.height && width == other.width;
    }
}

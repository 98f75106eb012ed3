package io.sparring.producer;

/**
 * One image in red, green and blue, for the operations of {@link ImageOperation}.
 *
 * @param pixels unsigned bytes, row by row, the three channels of a pixel side by side; not to be written to
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
record RgbImage(byte[] pixels, int height, int width) {

    static final int CHANNELS = 3;

    /** The value, 0 to 255, of a channel at a place in the image. */
    int value(int row, int column, int channel) {
        return Byte.toUnsignedInt(pixels[index(row, column, channel)]);
    }

    /** Where in the pixels that value is. */
    int index(int row, int column, int channel) {
        return (row * width + column) * CHANNELS + channel;
    }

    boolean holds(int row, int column) {
        return row >= 0 && row < height && column >= 0 && column < width;
    }

    /** An image of the same size. */
    RgbImage with(byte[] otherPixels) {
        return new RgbImage(otherPixels, height, width);
    }

    /** How often each value is in a channel. */
    int[] histogram(int channel) {
        int[] counts = new int[256];
        for (int i = channel; i < pixels.length; i += CHANNELS) {
            counts[Byte.toUnsignedInt(pixels[i])]++;
        }
        return counts;
    }
}

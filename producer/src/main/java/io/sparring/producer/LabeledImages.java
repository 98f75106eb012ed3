package io.sparring.producer;

import java.util.Arrays;

/**
 * Images of one size, each with its class.
 *
 * <p>The arrays are shared, not copied (CIFAR-10 is 150 MB): whoever makes or reads them must not write to them.
 *
 * @param pixels unsigned bytes 0 to 255 in the order image, row, column, channel (NHWC), without gaps
 * @param labels the class of each image, 0 to {@code classes} - 1
 * @param height rows of an image, at least 1
 * @param width columns of an image, at least 1
 * @param channels values of a pixel, at least 1: 1 is grey, 3 is red, green, blue
 * @param classes how many classes there are, at least 1
 */
public record LabeledImages(byte[] pixels, int[] labels, int height, int width, int channels, int classes) {

    /**
     * @throws IllegalArgumentException if a size is below 1, the pixels are not as many as the labels and the sizes say,
     *     or a label is not a class
     */
    public LabeledImages {
        if (height < 1 || width < 1 || channels < 1 || classes < 1) {
            throw new IllegalArgumentException("images of %d x %d x %d in %d classes; allowed: each at least 1"
                    .formatted(height, width, channels, classes));
        }
        if (pixels.length != (long) labels.length * height * width * channels) {
            throw new IllegalArgumentException("%d bytes of pixels; %d labels of images of %d x %d x %d need %d".formatted(
                    pixels.length, labels.length, height, width, channels,
                    (long) labels.length * height * width * channels));
        }
        for (int image = 0; image < labels.length; image++) {
            if (labels[image] < 0 || labels[image] >= classes) {
                throw new IllegalArgumentException(
                        "image %d has the label %d; allowed: 0 to %d".formatted(image, labels[image], classes - 1));
            }
        }
    }

    /** How many images there are. */
    public int count() {
        return labels.length;
    }

    /** How many bytes one image takes. */
    public int bytesPerImage() {
        return height * width * channels;
    }

    /** A copy of some of the images, in the order of their places, each 0 to {@code count()} - 1. */
    LabeledImages at(int[] places) {
        byte[] chosen = new byte[places.length * bytesPerImage()];
        int[] classesOfChosen = new int[places.length];
        for (int image = 0; image < places.length; image++) {
            System.arraycopy(pixels, places[image] * bytesPerImage(), chosen, image * bytesPerImage(), bytesPerImage());
            classesOfChosen[image] = labels[places[image]];
        }
        return new LabeledImages(chosen, classesOfChosen, height, width, channels, classes);
    }

    /** Equal if all pixels, labels and sizes are. */
    @Override
    public boolean equals(Object other) {
        return other instanceof LabeledImages that
                && height == that.height && width == that.width && channels == that.channels && classes == that.classes
                && Arrays.equals(labels, that.labels) && Arrays.equals(pixels, that.pixels);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(labels) + Arrays.hashCode(pixels);
    }

    @Override
    public String toString() {
        return "%d images of %d x %d x %d in %d classes".formatted(count(), height, width, channels, classes);
    }
}

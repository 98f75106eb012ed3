package io.sparring.producer;

/**
 * How training images are varied: shifted by a random crop of the zero-padded image, and mirrored left to right.
 *
 * @param cropPadding black pixels added on each side before the image is cropped to its size again; 0 is no cropping,
 *     4 is usual for CIFAR-10
 * @param flip whether each image is mirrored with probability one half
 */
public record Augmentation(int cropPadding, boolean flip) {

    /** Images as they are. */
    public static final Augmentation NONE = new Augmentation(0, false);

    /** @throws IllegalArgumentException if the padding is negative */
    public Augmentation {
        if (cropPadding < 0) {
            throw new IllegalArgumentException("augmentation.cropPadding: %d; allowed: 0 or more".formatted(cropPadding));
        }
    }

    /**
     * Writes one image, varied, into a target that is zero there. Every image takes three draws whatever is switched on, so
     * that the crops of a run stay the same when flipping is switched off.
     */
    void apply(LabeledImages images, int image, SeededDraws draws, byte[] target, int offset) {
        int top = draws.below(2 * cropPadding + 1) - cropPadding;
        int left = draws.below(2 * cropPadding + 1) - cropPadding;
        boolean mirrored = draws.below(2) == 1 && flip;
        int channels = images.channels();
        int start = image * images.bytesPerImage();
        for (int row = Math.max(0, -top); row < Math.min(images.height(), images.height() - top); row++) {
            int sourceRow = start + (row + top) * images.width() * channels;
            int targetRow = offset + row * images.width() * channels;
            for (int column = Math.max(0, -left); column < Math.min(images.width(), images.width() - left); column++) {
                int targetColumn = mirrored ? images.width() - 1 - column : column;
                System.arraycopy(images.pixels(), sourceRow + (column + left) * channels,
                        target, targetRow + targetColumn * channels, channels);
            }
        }
    }
}

package io.sparring.producer;

import io.sparring.pipeline.DataSettings;
import io.sparring.pipeline.Setting;
import java.util.Arrays;

/**
 * How training images are varied: shifted by a random crop of the padded image, mirrored left to right, put through
 * {@link AutoAugmentPolicy}, and given a black square, in this order.
 *
 * @param cropPadding pixels added on each side before the image is cropped to its size again; 0 is no cropping, 4 is usual for
 *     CIFAR-10
 * @param cropMode what these pixels are
 * @param flip whether each image is mirrored with probability one half
 * @param autoAugment whether AutoAugment's policy for CIFAR-10 is applied, to images in colour
 * @param cutout side of the black square in pixels (DeVries and Taylor, arXiv 1708.04552), 0 for none; its middle is anywhere in
 *     the image, so that part of it may be outside
 */
public record Augmentation(int cropPadding, CropMode cropMode, boolean flip, boolean autoAugment, int cutout) {

    /** Images as they are. */
    public static final Augmentation NONE = new Augmentation(0, false);

    /** @throws IllegalArgumentException if the padding or the square's side is negative */
    public Augmentation {
        if (cropPadding < 0) {
            throw new IllegalArgumentException("augmentation.cropPadding: %d; allowed: 0 or more".formatted(cropPadding));
        }
        Setting.atLeast("data.cutout", cutout, 0);
    }

    /** Crops of the black-padded image and mirroring alone. */
    public Augmentation(int cropPadding, boolean flip) {
        this(cropPadding, CropMode.ZERO, flip, false, 0);
    }

    /** That of a run. */
    public static Augmentation of(DataSettings data) {
        return new Augmentation(data.cropPadding(), CropMode.named(data.cropMode()), data.flip(), data.autoAugment(),
                data.cutout());
    }

    /**
     * Writes one image, varied, into a target that is zero there. Every image takes three draws of the crops' and seven of the
     * policy's whatever is switched on, so that the crops of a run stay the same when something is switched off.
     *
     * @param crops draws how images are cropped and mirrored
     * @param policy draws all else
     */
    void apply(LabeledImages images, int image, SeededDraws crops, SeededDraws policy, byte[] target, int offset) {
        int top = crops.below(2 * cropPadding + 1) - cropPadding;
        int left = crops.below(2 * cropPadding + 1) - cropPadding;
        boolean mirrored = crops.below(2) == 1 && flip;
        if (cropMode == CropMode.ZERO) {
            crop(images, image, top, left, mirrored, target, offset);
        } else {
            cropReflected(images, image, top, left, mirrored, target, offset);
        }
        AutoAugmentPolicy.Choice choice = AutoAugmentPolicy.drawn(policy);
        if (autoAugment) {
            RgbImage cropped = new RgbImage(Arrays.copyOfRange(target, offset, offset + images.bytesPerImage()),
                    images.height(), images.width());
            byte[] varied = choice.apply(cropped).pixels();
            System.arraycopy(varied, 0, target, offset, varied.length);
        }
        cutOut(images, policy, target, offset);
    }

    private static void crop(LabeledImages images, int image, int top, int left, boolean mirrored, byte[] target, int offset) {
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

    private static void cropReflected(LabeledImages images, int image, int top, int left, boolean mirrored, byte[] target,
            int offset) {
        int channels = images.channels();
        for (int row = 0; row < images.height(); row++) {
            int sourceRow = image * images.height() + reflected(row + top, images.height());
            int targetRow = offset + row * images.width() * channels;
            for (int column = 0; column < images.width(); column++) {
                int sourceColumn = reflected(column + left, images.width());
                int targetColumn = mirrored ? images.width() - 1 - column : column;
                System.arraycopy(images.pixels(), (sourceRow * images.width() + sourceColumn) * channels,
                        target, targetRow + targetColumn * channels, channels);
            }
        }
    }

    /** Where a place that is less than {@code length} outside lies inside. */
    private static int reflected(int place, int length) {
        return place < 0 ? -place : place < length ? place : 2 * (length - 1) - place;
    }

    private void cutOut(LabeledImages images, SeededDraws draws, byte[] target, int offset) {
        int top = draws.below(images.height()) - cutout / 2;
        int left = draws.below(images.width()) - cutout / 2;
        int from = Math.max(0, left);
        int to = Math.min(images.width(), left + cutout);
        for (int row = Math.max(0, top); row < Math.min(images.height(), top + cutout); row++) {
            int start = offset + row * images.width() * images.channels();
            Arrays.fill(target, start + from * images.channels(), start + to * images.channels(), (byte) 0);
        }
    }
}

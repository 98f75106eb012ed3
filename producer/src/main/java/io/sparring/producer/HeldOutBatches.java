package io.sparring.producer;

import java.util.Arrays;

/**
 * The first {@code count} images of a split as batches, in their order and unchanged. Exactly {@code count} images are
 * served: when the batch size does not divide it, the last batch is smaller.
 */
public final class HeldOutBatches {

    private final LabeledImages images;
    private final int count;
    private final int batchSize;

    /**
     * @param images the held-out split
     * @param count how many of its images to serve, 1 to all of them
     * @param batchSize images in each batch but the last, at least 1
     * @throws IllegalArgumentException if the count or the batch size is out of range
     */
    public HeldOutBatches(LabeledImages images, int count, int batchSize) {
        if (count < 1 || count > images.count()) {
            throw new IllegalArgumentException("held-out images: %d; allowed: 1 to the %d there are"
                    .formatted(count, images.count()));
        }
        if (batchSize < 1) {
            throw new IllegalArgumentException("held-out batch size: %d; allowed: 1 or more".formatted(batchSize));
        }
        this.images = images;
        this.count = count;
        this.batchSize = batchSize;
    }

    /** How many batches there are, at least 1. */
    public int size() {
        return (count - 1) / batchSize + 1;
    }

    /**
     * The batch of a number, its epoch being 0.
     *
     * @throws IndexOutOfBoundsException if the number is not 0 to {@code size()} - 1
     */
    public Batch batch(int number) {
        if (number < 0 || number >= size()) {
            throw new IndexOutOfBoundsException("held-out batch %d; allowed: 0 to %d".formatted(number, size() - 1));
        }
        int first = number * batchSize;
        int end = first + Math.min(batchSize, count - first);
        return new Batch(number, 0,
                Arrays.copyOfRange(images.pixels(), first * images.bytesPerImage(), end * images.bytesPerImage()),
                Arrays.copyOfRange(images.labels(), first, end));
    }
}

package io.sparring.producer;

import io.sparring.producer.SeededDraws.Purpose;
import java.util.Arrays;

/**
 * The endless sequence of training batches: batch n is a pure function of the images, the seed, the batch size, the
 * augmentation and n, whatever was asked for before and wherever it is asked. Safe for use by several threads.
 *
 * <p>Each epoch goes through the images once, in an order that depends on seed and epoch alone; what is left over at its end
 * and does not fill a batch is left out. The augmentation of batch n is drawn from seed and n, that of a second view of it from
 * seed and n for a purpose of its own. All draws are those of SplitMix64, as {@link SeededDraws} specifies them; a change would
 * change every run and fails {@code BatchSequenceTest}.
 */
public final class BatchSequence {

    private final LabeledImages images;
    private final long seed;
    private final int batchSize;
    private final AugmentedViews views;

    /** Shuffling 60 000 places takes a millisecond, each batch a fraction of it: the order last used is kept. */
    private volatile EpochOrder latest;

    private record EpochOrder(long epoch, int[] order) {}

    /**
     * @param images what to make batches of, at least one
     * @param seed any number
     * @param batchSize images in a batch, 1 to the number of images
     * @param augmentation its padding is less than the height and the width of an image; AutoAugment takes three channels
     * @throws IllegalArgumentException if the batch size or the padding is out of range, or AutoAugment is asked of grey images
     */
    public BatchSequence(LabeledImages images, long seed, int batchSize, Augmentation augmentation) {
        if (batchSize < 1 || batchSize > images.count()) {
            throw new IllegalArgumentException("batch size: %d; allowed: 1 to the %d images there are"
                    .formatted(batchSize, images.count()));
        }
        views = new AugmentedViews(seed, augmentation);
        views.check(images.height(), images.width(), images.channels());
        this.images = images;
        this.seed = seed;
        this.batchSize = batchSize;
        this.latest = epochOrder(0);
    }

    /** How many batches one epoch has, at least 1. */
    public int batchesPerEpoch() {
        return images.count() / batchSize;
    }

    /**
     * The batch of a number. It is made anew at each call.
     *
     * @throws IllegalArgumentException if the number is negative
     */
    public Batch batch(long number) {
        return batch(number, 0);
    }

    /**
     * A view of the batch of a number: the same images in the same order, each view under an augmentation drawn independently.
     *
     * @param view 0, which is {@link #batch(long)}, or 1
     * @throws IllegalArgumentException if the number is negative or there is no such view
     */
    public Batch batch(long number, int view) {
        long epoch = number / batchesPerEpoch();
        int first = (int) Math.floorMod(number, (long) batchesPerEpoch()) * batchSize;
        return views.batch(number, epoch, view, images, Arrays.copyOfRange(orderOf(epoch), first, first + batchSize));
    }

    private int[] orderOf(long epoch) {
        EpochOrder known = latest;
        if (known.epoch() != epoch) {
            known = epochOrder(epoch);
            latest = known;
        }
        return known.order();
    }

    private EpochOrder epochOrder(long epoch) {
        return new EpochOrder(epoch, new SeededDraws(seed, Purpose.ORDER, epoch).permutation(images.count()));
    }
}

package io.sparring.producer;

import io.sparring.pipeline.Setting;
import io.sparring.producer.SeededDraws.Purpose;
import java.util.List;

/**
 * How images become a batch, or a second view of it: varied by what is drawn from the run's seed and the batch's number alone,
 * for each view by draws of its own.
 *
 * @param seed any number
 */
record AugmentedViews(long seed, Augmentation augmentation) {

    private static final List<View> VIEWS = List.of(
            new View(Purpose.AUGMENTATION, Purpose.POLICY), new View(Purpose.SECOND_VIEW, Purpose.SECOND_POLICY));

    /** What the draws of a view are for. */
    private record View(Purpose crops, Purpose policy) {}

    /** @throws IllegalArgumentException if images of that size cannot be varied so */
    void check(int height, int width, int channels) {
        int smallerSide = Math.min(height, width);
        if (augmentation.cropPadding() >= smallerSide) {
            throw new IllegalArgumentException("augmentation.cropPadding: %d; allowed for %d x %d images: 0 to %d".formatted(
                    augmentation.cropPadding(), height, width, smallerSide - 1));
        }
        Setting.require(!augmentation.autoAugment() || channels == RgbImage.CHANNELS, "data.autoAugment", true,
                "false for images of %d channels; AutoAugment takes 3".formatted(channels));
    }

    /**
     * The batch of a number.
     *
     * @param view 0 or 1
     * @param places of the batch's images among {@code images}, in order
     * @throws IllegalArgumentException if the number is negative or there is no such view
     */
    Batch batch(long number, long epoch, int view, LabeledImages images, int[] places) {
        if (view < 0 || view >= VIEWS.size()) {
            throw new IllegalArgumentException("view: %d; allowed: 0 to %d".formatted(view, VIEWS.size() - 1));
        }
        if (number < 0) {
            throw new IllegalArgumentException("batch number: %d; allowed: 0 or more".formatted(number));
        }
        SeededDraws crops = new SeededDraws(seed, VIEWS.get(view).crops(), number);
        SeededDraws policy = new SeededDraws(seed, VIEWS.get(view).policy(), number);
        byte[] pixels = new byte[places.length * images.bytesPerImage()];
        int[] labels = new int[places.length];
        for (int place = 0; place < places.length; place++) {
            labels[place] = images.labels()[places[place]];
            augmentation.apply(images, places[place], crops, policy, pixels, place * images.bytesPerImage());
        }
        return new Batch(number, epoch, pixels, labels);
    }
}

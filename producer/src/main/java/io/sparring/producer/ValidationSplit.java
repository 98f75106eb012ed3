package io.sparring.producer;

import io.sparring.pipeline.DataSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Setting;
import io.sparring.schemas.Split;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Cuts validation images from the training split: a function of the images' classes, the run's seed and how many are cut. Of
 * each class as many are drawn as its share comes to, rounded down; what is still missing then goes, one each, to the classes
 * with the largest remainders. The validation images are in the order in which they are drawn, so that the first few are of
 * all classes; the training images that are left keep their order.
 */
final class ValidationSplit {

    private ValidationSplit() {}

    /**
     * The data set as the run trains and measures on it; the same one if nothing is cut off.
     *
     * @throws IllegalArgumentException if more images are to be cut off than there are, or all of them
     */
    static DataSet of(DataSet published, RunSpecification run) {
        int count = run.data().validationImages();
        if (count == 0) {
            return published;
        }
        LabeledImages all = published.training();
        Setting.require(count < all.count(), "data.validationImages", count,
                "0 to %d, so that one of %s's %d training images is left"
                        .formatted(all.count() - 1, published.name(), all.count()));
        int[] drawn = drawn(all, run.seed(), count);
        boolean[] cut = new boolean[all.count()];
        Arrays.stream(drawn).forEach(image -> cut[image] = true);
        LabeledImages training = all.at(IntStream.range(0, all.count()).filter(image -> !cut[image]).toArray());
        return switch (run.data().heldOut()) {
            case DataSettings.VALIDATION ->
                    new DataSet(published.name(), published.classNames(), training, all.at(drawn), Split.VALIDATION, null);
            case DataSettings.BOTH -> new DataSet(published.name(), published.classNames(), training, published.heldOut(),
                    Split.HELD_OUT, all.at(drawn));
            default -> new DataSet(published.name(), published.classNames(), training, published.heldOut());
        };
    }

    private static int[] drawn(LabeledImages images, long seed, int count) {
        int[] left = shares(images, count);
        int[] order = new SeededDraws(seed, SeededDraws.Purpose.VALIDATION, 0).permutation(images.count());
        return Arrays.stream(order).filter(image -> left[images.labels()[image]]-- > 0).toArray();
    }

    /** How many images of each class are cut off. */
    private static int[] shares(LabeledImages images, int count) {
        long[] sizes = new long[images.classes()];
        Arrays.stream(images.labels()).forEach(label -> sizes[label]++);
        int[] shares = Arrays.stream(sizes).mapToInt(size -> (int) (size * count / images.count())).toArray();
        IntStream.range(0, sizes.length).boxed()
                .sorted(Comparator.comparingLong((Integer label) -> -(sizes[label] * count % images.count())))
                .limit(count - Arrays.stream(shares).sum()).forEach(label -> shares[label]++);
        return shares;
    }
}

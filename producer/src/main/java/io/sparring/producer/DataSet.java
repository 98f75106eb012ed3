package io.sparring.producer;

import io.sparring.schemas.Split;
import java.util.List;

/**
 * A data set with its two splits, whose images have one size and one list of classes.
 *
 * @param name its name in the run specification, such as {@code cifar10}
 * @param classNames the name of each class, in the order of the labels
 * @param training the images to train on
 * @param heldOut the images to evaluate on
 * @param heldOutSplit what they are: the official test split, or a validation split that was cut from the training split
 * @param validation the images of such a split to evaluate on beside the test split; null for none
 */
public record DataSet(String name, List<String> classNames, LabeledImages training, LabeledImages heldOut, Split heldOutSplit,
        LabeledImages validation) {

    /** A data set with its official splits. */
    public DataSet(String name, List<String> classNames, LabeledImages training, LabeledImages heldOut) {
        this(name, classNames, training, heldOut, Split.HELD_OUT, null);
    }

    /** @throws IllegalArgumentException if the splits differ in size of image, or in classes from the class names */
    public DataSet {
        classNames = List.copyOf(classNames);
        if (training.height() != heldOut.height() || training.width() != heldOut.width()
                || training.channels() != heldOut.channels()
                || training.classes() != classNames.size() || heldOut.classes() != classNames.size()) {
            throw new IllegalArgumentException(
                    "data set '%s': training split of %s, held-out split of %s, %d class names; all must agree".formatted(
                            name, training, heldOut, classNames.size()));
        }
    }
}

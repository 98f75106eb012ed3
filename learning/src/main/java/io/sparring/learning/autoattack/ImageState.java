package io.sparring.learning.autoattack;

import io.sparring.learning.Setting;
import java.util.Optional;

/**
 * How far a suite has come with one image.
 *
 * @param image    its index in the data set
 * @param steps    how many of the suite's steps were tried on it: the first of {@link AttackSuite#steps}
 * @param fooledBy the part whose step, the last that was tried, fooled the model; nothing while the image stands
 */
public record ImageState(long image, int steps, Optional<String> fooledBy) {

    public ImageState {
        Setting.require(steps >= 0, "steps", steps, "0 and above");
        Setting.require(steps > 0 || fooledBy.isEmpty(), "fooledBy", fooledBy, "nothing before the first step");
    }

    /** Before anything was tried. */
    public static ImageState fresh(long image) {
        return new ImageState(image, 0, Optional.empty());
    }

    /** After one more step. */
    ImageState after(AttackStep step, boolean fooled) {
        return new ImageState(image, steps + 1, fooled ? Optional.of(step.part()) : Optional.empty());
    }
}

package io.sparring.learning.autoattack;

import io.sparring.learning.DifferentiableModel;



/**
 * One run of an attack: with one target class, from one start. It works on each image by itself: what becomes of an image does
 * not depend on the others, but for the rounding of the model's arithmetic in batches of another size.
 */
public interface AttackStep {

    /** The part that it belongs to, such as {@code apgd-t}. */
    String part();

    /** The part and the number of the run, from 1, such as {@code apgd-t/3}. It goes into the seed of each image. */
    String name();

    /**
     * Attacks images that the model classifies rightly.
     *
     * @throws IllegalArgumentException when the program cannot do what the step needs
     */
    AttackOutcome run(DifferentiableModel program, ImageBatch batch);

    /** @throws IllegalArgumentException when the program lacks a gradient that the step needs */
    default void requireFitting(DifferentiableModel program) {
    }
}

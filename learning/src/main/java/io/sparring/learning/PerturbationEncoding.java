package io.sparring.learning;

import java.util.Optional;

/**
 * How the perturbations of a norm travel. Clean pixels are unsigned bytes of which 255 is 1.0. What is encoded leaves neither the
 * ball nor [0,1] when it is added to them, and what is trained on is exactly what was sent.
 */
public sealed interface PerturbationEncoding permits PixelPerturbation, EuclideanPerturbation {

    /** The encoding of a norm's perturbations. */
    static PerturbationEncoding of(AttackNorm norm) {
        return switch (norm) {
            case LINF -> new PixelPerturbation();
            case L2 -> new EuclideanPerturbation();
        };
    }

    /**
     * The largest radius within ε that perturbations of this encoding can fill: what an attack is to be given.
     *
     * @param epsilon in units of [0,1]
     * @throws IllegalArgumentException for an ε that cannot be encoded
     */
    float radius(float epsilon);

    /**
     * Encodes perturbed images.
     *
     * @param perturbed as many values as there are clean pixels; what is not in [0,1] is cut to it
     * @param images    how many images these are
     * @param epsilon   the ball's radius in units of [0,1]
     * @throws IllegalArgumentException when the sizes differ, or a value is not a number
     */
    byte[] encode(byte[] cleanPixels, float[] perturbed, int images, float epsilon);

    /**
     * The perturbed images, in [0,1].
     *
     * @throws IllegalArgumentException when the sizes differ, or a value leaves [0,1]
     */
    float[] perturbed(byte[] cleanPixels, byte[] perturbation);

    /** Why this is no perturbation of that many images within ε, with what is allowed; nothing if it is one. */
    Optional<String> problem(byte[] cleanPixels, byte[] perturbation, int images, float epsilon);
}

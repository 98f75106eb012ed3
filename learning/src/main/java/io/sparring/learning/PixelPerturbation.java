package io.sparring.learning;

import java.util.Optional;

/**
 * An L-infinity perturbation as it travels: for each pixel value a signed number of 1/255, rounded from the attack's floats,
 * no larger than the bound and such that clean pixel and perturbation together stay in 0 to 255. So no image leaves the ball
 * or [0,1], and what is trained on is exactly what was sent.
 */
public final class PixelPerturbation implements PerturbationEncoding {

    private static final int LARGEST_PIXEL = 255;
    /** ε comes as a float near k / 255; a thousandth of a pixel is far above its error and far below a step. */
    private static final double TOLERANCE = 1e-3;
    /** A float and this have an exact sum as doubles. */
    private static final double HALF = 0.5;
    /** What each pixel is in [0,1]: looked up in less than half the time of a division. */
    private static final float[] VALUES = new float[LARGEST_PIXEL + 1];

    static {
        for (int pixel = 0; pixel < VALUES.length; pixel++) {
            VALUES[pixel] = pixel / (float) LARGEST_PIXEL;
        }
    }

    PixelPerturbation() {
    }

    @Override
    public float radius(float epsilon) {
        return bound(epsilon) / (float) LARGEST_PIXEL;
    }

    @Override
    public byte[] encode(byte[] cleanPixels, float[] perturbed, int images, float epsilon) {
        return encode(cleanPixels, perturbed, bound(epsilon));
    }

    @Override
    public float[] perturbed(byte[] cleanPixels, byte[] perturbation) {
        return apply(cleanPixels, perturbation);
    }

    @Override
    public Optional<String> problem(byte[] cleanPixels, byte[] perturbation, int images, float epsilon) {
        if (perturbation.length != cleanPixels.length) {
            return Optional.of(perturbation.length + " bytes; allowed: as many as the clean batch has, " + cleanPixels.length);
        }
        int bound = bound(epsilon);
        for (byte change : perturbation) {
            if (Math.abs(change) > bound) {
                return Optional.of(change + "/255; allowed: within the run's epsilon, " + bound + "/255");
            }
        }
        return Optional.empty();
    }

    /**
     * The largest whole number of 1/255 within ε. What is effective is that number divided by 255.
     *
     * @throws IllegalArgumentException unless ε is 0 to 127/255, what a signed byte holds
     */
    public static int bound(float epsilon) {
        int bound = epsilon >= 0 && epsilon <= 1 ? (int) Math.floor(LARGEST_PIXEL * (double) epsilon + TOLERANCE) : -1;
        Setting.require(bound >= 0 && bound <= Byte.MAX_VALUE, "epsilon", epsilon, "0 to 127/255");
        return bound;
    }

    /**
     * Rounds perturbed images to perturbations of the clean pixels.
     *
     * @param cleanPixels unsigned bytes
     * @param perturbed   as many values, in [0,1]
     * @param bound       see {@link #bound}
     * @throws IllegalArgumentException when the sizes differ, or a value is not a number
     */
    public static byte[] encode(byte[] cleanPixels, float[] perturbed, int bound) {
        requireSameSize(cleanPixels.length, perturbed.length);
        Setting.require(bound >= 0 && bound <= Byte.MAX_VALUE, "bound", bound, "0 to 127");
        byte[] perturbation = new byte[perturbed.length];
        for (int i = 0; i < perturbation.length; i++) {
            if (Float.isNaN(perturbed[i])) {
                throw new IllegalArgumentException("perturbed value " + i + " is not a number");
            }
            int clean = Byte.toUnsignedInt(cleanPixels[i]);
            int lowest = Math.max(-bound, -clean);
            int highest = Math.min(bound, LARGEST_PIXEL - clean);
            // half up, as Math.round, which takes longer; below 0, where it is otherwise, the value is cut to 0
            int change = (int) (perturbed[i] * LARGEST_PIXEL + HALF) - clean;
            perturbation[i] = (byte) Math.max(lowest, Math.min(highest, change));
        }
        return perturbation;
    }

    /** Unsigned bytes as values in [0,1]. */
    public static float[] images(byte[] cleanPixels) {
        float[] images = new float[cleanPixels.length];
        for (int i = 0; i < images.length; i++) {
            images[i] = VALUES[Byte.toUnsignedInt(cleanPixels[i])];
        }
        return images;
    }

    /**
     * The perturbed images, in [0,1].
     *
     * @throws IllegalArgumentException when the sizes differ, or a value leaves [0,1]
     */
    public static float[] apply(byte[] cleanPixels, byte[] perturbation) {
        requireSameSize(cleanPixels.length, perturbation.length);
        float[] images = new float[cleanPixels.length];
        for (int i = 0; i < images.length; i++) {
            int pixel = Byte.toUnsignedInt(cleanPixels[i]) + perturbation[i];
            if (pixel < 0 || pixel > LARGEST_PIXEL) {
                throw new IllegalArgumentException("value " + i + " leaves [0,1]: " + Byte.toUnsignedInt(cleanPixels[i])
                        + " changed by " + perturbation[i]);
            }
            images[i] = VALUES[pixel];
        }
        return images;
    }

    static void requireSameSize(int clean, int other) {
        if (clean != other) {
            throw new IllegalArgumentException(other + " values do not go with " + clean + " clean pixels");
        }
    }
}

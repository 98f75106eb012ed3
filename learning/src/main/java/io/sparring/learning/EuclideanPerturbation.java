package io.sparring.learning;

import ai.djl.util.Float16Utils;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An L2 perturbation as it travels: for each value its change in units of [0,1] as an IEEE 754 binary16 number, big-endian.
 *
 * <p>An image whose change is longer than ε is first drawn towards the clean one. Each change is then rounded towards zero, so
 * that no image's change becomes longer than it was and none leaves [0,1]; that takes off less than a thousandth of a change of
 * at least 2^-14, and less than 2^-24 of a smaller one.
 */
public final class EuclideanPerturbation implements PerturbationEncoding {

    /** For perturbations that were rounded otherwise, to the nearest as a rule: 2^-11 of each change. */
    private static final double TOLERANCE = 1e-3;

    EuclideanPerturbation() {
    }

    @Override
    public float radius(float epsilon) {
        ImageCheck.rate("epsilon", epsilon);
        return epsilon;
    }

    @Override
    public byte[] encode(byte[] cleanPixels, float[] perturbed, int images, float epsilon) {
        PixelPerturbation.requireSameSize(cleanPixels.length, perturbed.length);
        float[] clean = PixelPerturbation.images(cleanPixels);
        ByteBuffer perturbation = ByteBuffer.allocate(Short.BYTES * clean.length);
        int size = clean.length / images;
        for (int first = 0; first < clean.length; first += size) {
            double squares = 0;
            for (int i = first; i < first + size; i++) {
                squares += Math.pow(change(clean, perturbed, i), 2);
            }
            double share = squares > (double) epsilon * epsilon ? epsilon / Math.sqrt(squares) : 1;
            for (int i = first; i < first + size; i++) {
                perturbation.putShort(towardsZero(share * change(clean, perturbed, i)));
            }
        }
        return perturbation.array();
    }

    private static double change(float[] clean, float[] perturbed, int place) {
        if (Float.isNaN(perturbed[place])) {
            throw new IllegalArgumentException("perturbed value " + place + " is not a number");
        }
        return (double) Math.max(0, Math.min(1, perturbed[place])) - clean[place];
    }

    private static short towardsZero(double value) {
        short nearest = Float16Utils.floatToHalf((float) value);
        // one less is the next number towards zero, the sign being a bit of its own
        return Math.abs(Float16Utils.halfToFloat(nearest)) > Math.abs(value) ? (short) (nearest - 1) : nearest;
    }

    @Override
    public float[] perturbed(byte[] cleanPixels, byte[] perturbation) {
        Setting.require(perturbation.length == Short.BYTES * cleanPixels.length, "perturbation", perturbation.length + " bytes",
                "twice as many as there are clean pixels, " + Short.BYTES * cleanPixels.length);
        float[] images = PixelPerturbation.images(cleanPixels);
        ByteBuffer changes = ByteBuffer.wrap(perturbation);
        for (int i = 0; i < images.length; i++) {
            float change = Float16Utils.halfToFloat(changes.getShort());
            float value = images[i] + change;
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("value " + i + " leaves [0,1]: " + images[i] + " changed by " + change);
            }
            images[i] = value;
        }
        return images;
    }

    @Override
    public Optional<String> problem(byte[] cleanPixels, byte[] perturbation, int images, float epsilon) {
        if (perturbation.length != Short.BYTES * cleanPixels.length) {
            return Optional.of(perturbation.length + " bytes; allowed: twice as many as the clean batch has, "
                    + Short.BYTES * cleanPixels.length);
        }
        ByteBuffer changes = ByteBuffer.wrap(perturbation);
        int size = cleanPixels.length / images;
        for (int image = 0; image < images; image++) {
            double squares = 0;
            for (int i = 0; i < size; i++) {
                squares += Math.pow(Float16Utils.halfToFloat(changes.getShort()), 2);
            }
            // NaN is not within it either
            if (!(Math.sqrt(squares) <= epsilon * (1 + TOLERANCE))) {
                return Optional.of("image " + image + " is changed by " + (float) Math.sqrt(squares)
                        + "; allowed: within the run's epsilon, " + epsilon);
            }
        }
        return Optional.empty();
    }
}

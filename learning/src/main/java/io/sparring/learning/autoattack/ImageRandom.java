package io.sparring.learning.autoattack;

import java.util.SplittableRandom;

/** The random numbers of one image in one step: a function of these and the seed alone, whatever else is in the batch. */
final class ImageRandom {

    private ImageRandom() {
    }

    static SplittableRandom of(long seed, long image, String step) {
        long ofImage = new SplittableRandom(seed).nextLong() + image;
        long ofStep = new SplittableRandom(ofImage).nextLong() + step.hashCode();
        return new SplittableRandom(new SplittableRandom(ofStep).nextLong());
    }

    /** 1 or -1. */
    static float sign(SplittableRandom random) {
        return random.nextBoolean() ? 1 : -1;
    }
}

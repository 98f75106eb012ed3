package io.sparring.benchmarks;

import java.util.Random;

/**
 * Images and labels drawn at random, 8 bits a pixel: how long a step takes does not depend on what is on them.
 *
 * @param pixels of all images, in [0,1]
 */
record StepImages(float[] pixels, int[] labels) {

    static final float EPSILON = 8 / 255f;
    static final float STEP_SIZE = 2 / 255f;

    static StepImages draw(int images, long seed) {
        Random random = new Random(seed);
        float[] pixels = new float[images * StepNetwork.GEOMETRY.imageSize()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextInt(256) / 255f;
        }
        return new StepImages(pixels, random.ints(images, 0, StepNetwork.GEOMETRY.classes()).toArray());
    }
}

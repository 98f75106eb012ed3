package io.sparring.producer;

import java.util.Arrays;
import java.util.Random;

/** Images for tests: pixels 1 to 255, so that a 0 can only be padding; java.util.Random is specified to the last bit. */
final class MadeImages {

    private MadeImages() {}

    static LabeledImages of(long seed, int count, int height, int width, int channels) {
        Random random = new Random(seed);
        byte[] pixels = new byte[count * height * width * channels];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (1 + random.nextInt(255));
        }
        int[] labels = new int[count];
        for (int image = 0; image < count; image++) {
            labels[image] = random.nextInt(10);
        }
        return new LabeledImages(pixels, labels, height, width, channels, 10);
    }

    /** Grey images whose pixels all are their own number, and whose label is that number's last digit. */
    static LabeledImages numbered(int count, int height, int width) {
        byte[] pixels = new byte[count * height * width];
        int[] labels = new int[count];
        for (int image = 0; image < count; image++) {
            labels[image] = image % 10;
            Arrays.fill(pixels, image * height * width, (image + 1) * height * width, (byte) image);
        }
        return new LabeledImages(pixels, labels, height, width, 1, 10);
    }
}

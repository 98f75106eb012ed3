package io.sparring.producer;

import java.util.Arrays;

/**
 * Operations that go from a poorer image through the image, at factor 1, and beyond it, as Pillow's {@code ImageEnhance} do:
 * values beyond 0 and 255 are cut off, and so are fractions.
 */
final class BlendOperations {

    private BlendOperations() {}

    /** @param factor 0 is black */
    static RgbImage brightness(RgbImage image, double factor) {
        return blended(image, new byte[image.pixels().length], factor);
    }

    /** @param factor 0 is grey of the same luminance */
    static RgbImage color(RgbImage image, double factor) {
        byte[] grey = new byte[image.pixels().length];
        for (int i = 0; i < grey.length; i += RgbImage.CHANNELS) {
            Arrays.fill(grey, i, i + RgbImage.CHANNELS, (byte) luminance(image, i));
        }
        return blended(image, grey, factor);
    }

    /** @param factor 0 is one shade of grey, the mean luminance */
    static RgbImage contrast(RgbImage image, double factor) {
        long sum = 0;
        for (int i = 0; i < image.pixels().length; i += RgbImage.CHANNELS) {
            sum += luminance(image, i);
        }
        byte[] grey = new byte[image.pixels().length];
        Arrays.fill(grey, (byte) (int) ((double) sum / (image.height() * image.width()) + 0.5));
        return blended(image, grey, factor);
    }

    /** @param factor 0 is smoothed: thirteenths, five of a place and one of each neighbour; the border is as it was */
    static RgbImage sharpness(RgbImage image, double factor) {
        byte[] smooth = image.pixels().clone();
        for (int row = 1; row < image.height() - 1; row++) {
            for (int column = 1; column < image.width() - 1; column++) {
                for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
                    int sum = 4 * image.value(row, column, channel);
                    for (int neighbour = 0; neighbour < 9; neighbour++) {
                        sum += image.value(row - 1 + neighbour / 3, column - 1 + neighbour % 3, channel);
                    }
                    smooth[image.index(row, column, channel)] = (byte) ((2 * sum + 13) / 26);
                }
            }
        }
        return blended(image, smooth, factor);
    }

    /** After ITU-R 601-2. */
    private static int luminance(RgbImage image, int pixel) {
        byte[] pixels = image.pixels();
        return Byte.toUnsignedInt(pixels[pixel]) * 19_595 + Byte.toUnsignedInt(pixels[pixel + 1]) * 38_470
                + Byte.toUnsignedInt(pixels[pixel + 2]) * 7_471 + 0x8000 >> 16;
    }

    private static RgbImage blended(RgbImage image, byte[] poorer, double factor) {
        byte[] pixels = new byte[poorer.length];
        for (int i = 0; i < pixels.length; i++) {
            int from = Byte.toUnsignedInt(poorer[i]);
            float value = from + (float) factor * (Byte.toUnsignedInt(image.pixels()[i]) - from);
            pixels[i] = (byte) (int) Math.max(0, Math.min(255, value));
        }
        return image.with(pixels);
    }
}

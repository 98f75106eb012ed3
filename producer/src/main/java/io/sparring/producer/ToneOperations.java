package io.sparring.producer;

import java.util.function.IntUnaryOperator;

/** Operations that replace each value of a channel by another, whatever is around it, as Pillow's {@code ImageOps} do. */
final class ToneOperations {

    private ToneOperations() {}

    static RgbImage invert(RgbImage image) {
        return mapped(image, channel -> value -> 255 - value);
    }

    /** Inverts the values from {@code threshold} on. */
    static RgbImage solarize(RgbImage image, double threshold) {
        return mapped(image, channel -> value -> value < threshold ? value : 255 - value);
    }

    /** Keeps the upper {@code bits} of each value, 1 to 8. */
    static RgbImage posterize(RgbImage image, int bits) {
        return mapped(image, channel -> value -> value & 0xff << 8 - bits);
    }

    /**
     * Spreads the values of each channel, so that the least is 0 and the largest 255, less what is cut off; a channel of one
     * value stays.
     */
    static RgbImage autoContrast(RgbImage image) {
        return mapped(image, channel -> {
            int[] histogram = image.histogram(channel);
            int least = 0;
            int largest = 255;
            while (histogram[least] == 0) {
                least++;
            }
            while (histogram[largest] == 0) {
                largest--;
            }
            if (least == largest) {
                return IntUnaryOperator.identity();
            }
            double scale = 255.0 / (largest - least);
            double offset = -least * scale;
            return value -> (int) Math.max(0, Math.min(255, value * scale + offset));
        });
    }

    /** Spreads the values of each channel, so that about as many places have each; a channel of too few values stays. */
    static RgbImage equalize(RgbImage image) {
        return mapped(image, channel -> {
            int[] histogram = image.histogram(channel);
            int largest = 255;
            while (histogram[largest] == 0) {
                largest--;
            }
            int step = (image.height() * image.width() - histogram[largest]) / 255;
            if (step == 0) {
                return IntUnaryOperator.identity();
            }
            int[] spread = new int[256];
            int below = step / 2;
            for (int value = 0; value < spread.length; value++) {
                spread[value] = Math.min(255, below / step);
                below += histogram[value];
            }
            return value -> spread[value];
        });
    }

    private interface OfChannel {
        IntUnaryOperator mapping(int channel);
    }

    private static RgbImage mapped(RgbImage image, OfChannel mappings) {
        byte[] pixels = new byte[image.pixels().length];
        for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
            IntUnaryOperator mapping = mappings.mapping(channel);
            for (int i = channel; i < pixels.length; i += RgbImage.CHANNELS) {
                pixels[i] = (byte) mapping.applyAsInt(Byte.toUnsignedInt(image.pixels()[i]));
            }
        }
        return image.with(pixels);
    }
}

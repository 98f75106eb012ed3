package io.sparring.dashboard;

import io.sparring.schemas.Sample;
import io.sparring.schemas.SampledImage;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;

/** What the page shows of a {@link Sample}, once it is one that can be shown. */
final class SampleCheck {

    static final int MOST_IMAGES = 8;
    private static final int LARGEST_SIDE = 512;

    private SampleCheck() {
    }

    /** An image; pixels are unsigned bytes in Base64, height x width x channels. */
    record Picture(int label, String pixels, String perturbed, int predicted, Double probability, int predictedPerturbed,
            Double probabilityPerturbed) {
    }

    /** @param at milliseconds since 1970 */
    record View(long batchNumber, String attacker, int incarnation, long step, double epsilon, String norm, int height,
            int width, int channels, List<Picture> images, long at) {
    }

    /** @throws IllegalArgumentException if its sizes do not go together */
    static View view(Sample sample) {
        if (sample.getHeight() < 1 || sample.getWidth() < 1 || sample.getHeight() > LARGEST_SIDE || sample.getWidth() > LARGEST_SIDE
                || sample.getChannels() != 1 && sample.getChannels() != 3) {
            throw new IllegalArgumentException("images: " + sample.getHeight() + " x " + sample.getWidth() + " x "
                    + sample.getChannels() + "; allowed: 1 or 3 channels, sides up to " + LARGEST_SIDE);
        }
        int size = sample.getHeight() * sample.getWidth() * sample.getChannels();
        return new View(sample.getBatchNumber(), Shown.text(sample.getAttacker()), sample.getIncarnation(), sample.getStep(),
                sample.getEpsilon(), Shown.text(sample.getNorm()), sample.getHeight(), sample.getWidth(), sample.getChannels(),
                sample.getImages().stream().limit(MOST_IMAGES).map(image -> picture(image, size)).toList(),
                sample.getCreatedAt().toEpochMilli());
    }

    private static Picture picture(SampledImage image, int size) {
        return new Picture(image.getLabel(), base64(image.getPixels(), size), base64(image.getPerturbed(), size),
                image.getPredicted(), Shown.rounded(image.getProbability()), image.getPredictedPerturbed(),
                Shown.rounded(image.getProbabilityPerturbed()));
    }

    private static String base64(ByteBuffer pixels, int size) {
        if (pixels.remaining() != size) {
            throw new IllegalArgumentException("pixels: " + pixels.remaining() + " bytes; allowed: height x width x channels = "
                    + size);
        }
        byte[] bytes = new byte[size];
        pixels.duplicate().get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}

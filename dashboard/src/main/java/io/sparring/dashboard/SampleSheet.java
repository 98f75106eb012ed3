package io.sparring.dashboard;

import io.sparring.schemas.Sample;
import io.sparring.schemas.SampledImage;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/**
 * Images of a crafted batch, clean, perturbed and their difference magnified, with what the attacker's weights take them for.
 *
 * @param lead which batch, and how its differences are shown
 */
record SampleSheet(String lead, int magnification, List<Picture> pictures) {

    private static final int GREY = 128;

    /** An image; the three are addresses that hold them. */
    record Picture(String label, String clean, String perturbed, String difference, Prediction predicted,
            Prediction predictedPerturbed) {
    }

    record Prediction(String name, boolean right, String probability) {
    }

    /**
     * @param classNames of the data set, in the order of the labels; may be empty
     * @throws IllegalArgumentException if its sizes do not go together
     */
    static SampleSheet of(Sample sample, List<String> classNames) {
        SampleCheck.View view = SampleCheck.view(sample);
        List<SampledImage> images = sample.getImages().stream().limit(SampleCheck.MOST_IMAGES).toList();
        int factor = magnification(images);
        ClassNames names = new ClassNames(classNames);
        long misled = images.stream().filter(image -> image.getPredictedPerturbed() != image.getLabel()).count();
        String lead = "Batch " + Figures.count(view.batchNumber()) + ", crafted against update " + view.incarnation() + "/"
                + view.step() + " by " + view.attacker() + ", " + Figures.norm(view.norm()) + " ε "
                + Figures.number(view.epsilon()) + ", " + Figures.moment(Instant.ofEpochMilli(view.at())) + ". " + misled + " of " + images.size()
                + " are taken for another class. Differences are magnified " + factor + " times, grey is none.";
        return new SampleSheet(lead, factor, images.stream().map(image -> picture(image, view, factor, names)).toList());
    }

    private static Picture picture(SampledImage image, SampleCheck.View size, int factor, ClassNames names) {
        byte[] clean = bytes(image.getPixels());
        byte[] perturbed = bytes(image.getPerturbed());
        byte[] difference = new byte[clean.length];
        for (int i = 0; i < clean.length; i++) {
            int change = Byte.toUnsignedInt(perturbed[i]) - Byte.toUnsignedInt(clean[i]);
            difference[i] = (byte) Math.max(0, Math.min(255, GREY + factor * change));
        }
        return new Picture(names.of(image.getLabel()), address(clean, size), address(perturbed, size), address(difference, size),
                new Prediction(names.of(image.getPredicted()), image.getPredicted() == image.getLabel(),
                        Figures.percent(Shown.number(image.getProbability()), 0)),
                new Prediction(names.of(image.getPredictedPerturbed()), image.getPredictedPerturbed() == image.getLabel(),
                        Figures.percent(Shown.number(image.getProbabilityPerturbed()), 0)));
    }

    /** How much the largest difference of all can be magnified and still be shown. */
    private static int magnification(List<SampledImage> images) {
        int largest = 1;
        for (SampledImage image : images) {
            byte[] clean = bytes(image.getPixels());
            byte[] perturbed = bytes(image.getPerturbed());
            for (int i = 0; i < clean.length; i++) {
                largest = Math.max(largest, Math.abs(Byte.toUnsignedInt(perturbed[i]) - Byte.toUnsignedInt(clean[i])));
            }
        }
        return Math.max(1, (GREY - 1) / largest);
    }

    private static String address(byte[] pixels, SampleCheck.View size) {
        return PngImage.address(pixels, size.height(), size.width(), size.channels());
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}

package io.sparring.producer;

import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.IncomingImage;
import io.sparring.schemas.Received;
import java.util.Optional;

/**
 * What every image of a run is.
 *
 * @param height pixels
 * @param width pixels
 * @param channels 1 for grey, 3 for red, green, blue
 * @param classes number of classes
 */
public record ExpectedImages(int height, int width, int channels, int classes) {

    /** Those of a run, by one of its batches. */
    public static ExpectedImages of(ImageBatch batch) {
        return new ExpectedImages(batch.getHeight(), batch.getWidth(), batch.getChannels(), batch.getClasses());
    }

    static ExpectedImages of(LabeledImages images) {
        return new ExpectedImages(images.height(), images.width(), images.channels(), images.classes());
    }

    /** Bytes of one image. */
    int bytes() {
        return height * width * channels;
    }

    ImageForm form() {
        return new ImageForm(height, width, channels);
    }

    /** As errors name it: height x width x channels. */
    String size() {
        return height + " x " + width + " x " + channels;
    }

    /** What is wrong with a label, as one sentence, or nothing. */
    Optional<String> problem(long label) {
        return label >= 0 && label < classes ? Optional.empty()
                : Optional.of("label: " + label + "; allowed: 0 to " + (classes - 1));
    }

    /** Why a record of {@code incoming-images} cannot be trained on, as one sentence that names the field; nothing if it can. */
    Optional<String> problem(Received<IncomingImage> received) {
        if (received == null) {
            return Optional.of("the record is empty; allowed: an IncomingImage");
        }
        if (!received.isReadable()) {
            return Optional.of(received.failure());
        }
        IncomingImage image = received.value();
        if (image.getHeight() != height || image.getWidth() != width || image.getChannels() != channels) {
            return Optional.of("image: " + image.getHeight() + " x " + image.getWidth() + " x " + image.getChannels()
                    + "; allowed: the run's, " + size());
        }
        if (image.getPixels().remaining() != bytes()) {
            return Optional.of("pixels: " + image.getPixels().remaining() + " bytes; allowed: " + size() + " = " + bytes());
        }
        return problem(image.getLabel());
    }
}

package io.sparring.producer;

import java.util.Optional;

/**
 * What the images of a data set are, known without reading it.
 *
 * @param height pixels
 * @param width pixels
 * @param channels 1 for grey, 3 for red, green, blue
 * @param classes number of classes
 * @param images of both splits together
 */
public record DataSetGeometry(int height, int width, int channels, int classes, int images) {

    /** Bytes of one image. */
    public int imageBytes() {
        return height * width * channels;
    }

    /** That of a data set, by its name in the run specification; nothing for those that only reading tells of. */
    static Optional<DataSetGeometry> of(String name) {
        return Optional.ofNullable(switch (name) {
            case "mnist", "fashion-mnist" -> new DataSetGeometry(28, 28, 1, 10, 70_000);
            case "cifar10" -> new DataSetGeometry(32, 32, 3, 10, 60_000);
            case "cifar100" -> new DataSetGeometry(32, 32, 3, 100, 60_000);
            case "tiny-imagenet" -> new DataSetGeometry(64, 64, 3, 200, 110_000);
            default -> null;
        });
    }
}

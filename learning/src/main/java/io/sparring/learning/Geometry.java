package io.sparring.learning;

import java.util.Optional;

/**
 * The shape of a data set's images and its number of classes. Images are NHWC everywhere.
 *
 * @param height   pixels, 1 to 4096
 * @param width    pixels, 1 to 4096
 * @param channels 1 to 64
 * @param classes  2 to 100000; labels are 0 to {@code classes - 1}
 */
public record Geometry(int height, int width, int channels, int classes) {

    /** @throws IllegalArgumentException naming the key that is out of range */
    public Geometry {
        Setting.require(height >= 1 && height <= 4096, "geometry.height", height, "1 to 4096");
        Setting.require(width >= 1 && width <= 4096, "geometry.width", width, "1 to 4096");
        Setting.require(channels >= 1 && channels <= 64, "geometry.channels", channels, "1 to 64");
        Setting.require(classes >= 2 && classes <= 100_000, "geometry.classes", classes, "2 to 100000");
    }

    /** How many values one image has. */
    public int imageSize() {
        return height * width * channels;
    }

    /** Why images of that shape and that many classes are not of this geometry, with what is allowed; nothing if they are. */
    public Optional<String> problem(int otherHeight, int otherWidth, int otherChannels, int otherClasses) {
        return otherHeight == height && otherWidth == width && otherChannels == channels && otherClasses == classes
                ? Optional.empty()
                : Optional.of("images: " + text(otherHeight, otherWidth, otherChannels, otherClasses)
                        + "; allowed: those of the run's model, " + text(height, width, channels, classes));
    }

    private static String text(int height, int width, int channels, int classes) {
        return height + " x " + width + " x " + channels + " in " + classes + " classes";
    }
}

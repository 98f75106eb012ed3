package io.sparring.producer;

import io.sparring.schemas.IncomingImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Images with their labels, as a request brings them.
 *
 * @param images files: NPY arrays of any number of images, PNG and JPEG of one each
 * @param labels files: NPY arrays of integers
 * @param labelTexts integers with commas or blanks between them
 */
record ImageRequest(List<Part> images, List<Part> labels, List<String> labelTexts) {

    /** Images of one request, which are one transaction. */
    static final int MOST_IMAGES = 4096;

    private static final int MALFORMED = 400;
    private static final int TOO_LARGE = 413;
    private static final int MISFIT = 422;
    private static final int LONGEST_SOURCE = 200;
    private static final Pattern BETWEEN = Pattern.compile("[,\\s]+");
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");

    /** A file. @param fileName as its sender calls it; null if nobody said */
    record Part(String fileName, byte[] content) {}

    /** An image that fits, and where it comes from. */
    private record Image(ByteBuffer pixels, String source) {}

    /** The records of all images, in order: all are sound, or nothing is returned. */
    List<IncomingImage> records(ExpectedImages expected) throws RefusedRequestException {
        long[] classes = classes();
        List<Image> all = new ArrayList<>();
        for (int part = 0; part < images.size(); part++) {
            String name = "images[" + part + "]";
            byte[] content = images.get(part).content();
            if (NpyArray.isNpy(content)) {
                addArray(name, images.get(part), expected, all);
            } else {
                addPicture(name, images.get(part), expected, all);
            }
            if (all.size() > MOST_IMAGES) {
                throw new RefusedRequestException(TOO_LARGE, "images: more than " + MOST_IMAGES + "; allowed: 1 to " + MOST_IMAGES
                        + " in a request");
            }
        }
        if (all.isEmpty() || all.size() != classes.length) {
            throw new RefusedRequestException(MISFIT, "labels: " + classes.length + " for " + all.size()
                    + " images; allowed: one for each, and at least one");
        }
        List<IncomingImage> records = new ArrayList<>();
        for (int image = 0; image < classes.length; image++) {
            Optional<String> problem = expected.problem(classes[image]);
            if (problem.isPresent()) {
                throw new RefusedRequestException(MISFIT, "labels[" + image + "]: " + problem.get());
            }
            records.add(new IncomingImage((int) classes[image], expected.height(), expected.width(), expected.channels(),
                    all.get(image).pixels(), all.get(image).source()));
        }
        return records;
    }

    private static void addArray(String name, Part part, ExpectedImages expected, List<Image> all)
            throws RefusedRequestException {
        NpyArray array = array(name, part.content());
        int[] shape = array.shape();
        boolean withoutChannels = shape.length == 3 && expected.channels() == 1;
        boolean fits = shape.length >= 3 && shape[1] == expected.height() && shape[2] == expected.width()
                && (withoutChannels || shape.length == 4 && shape[3] == expected.channels());
        if (!fits || !array.isBytes()) {
            throw new RefusedRequestException(MISFIT, name + ": dtype " + array.type() + ", shape " + Arrays.toString(shape)
                    + "; allowed: uint8, images x " + expected.size() + (expected.channels() == 1 ? ", the last of which may miss"
                    : ""));
        }
        if (shape[0] > MOST_IMAGES) {
            throw new RefusedRequestException(TOO_LARGE, name + ": " + shape[0] + " images; allowed: " + MOST_IMAGES
                    + " in a request");
        }
        for (int image = 0; image < shape[0]; image++) {
            all.add(new Image(array.data().slice(image * expected.bytes(), expected.bytes()), source(part)));
        }
    }

    private static void addPicture(String name, Part part, ExpectedImages expected, List<Image> all)
            throws RefusedRequestException {
        try {
            DecodedImage picture = DecodedImage.of(name, part.content(), expected.form());
            all.add(new Image(ByteBuffer.wrap(picture.pixels()), source(part)));
        } catch (DecodedImage.MisfitException e) {
            throw new RefusedRequestException(MISFIT, e.getMessage());
        } catch (IOException e) {
            throw new RefusedRequestException(MALFORMED, e.getMessage() + "; allowed: NPY, PNG or JPEG");
        }
    }

    private static String source(Part part) {
        String name = part.fileName();
        return name == null || name.isBlank() ? null : name.substring(0, Math.min(LONGEST_SOURCE, name.length()));
    }

    private long[] classes() throws RefusedRequestException {
        List<Long> all = new ArrayList<>();
        for (String text : labelTexts) {
            for (String one : BETWEEN.split(text.strip())) {
                if (!INTEGER.matcher(one).matches()) {
                    throw new RefusedRequestException(MALFORMED, "labels: '" + one.substring(0, Math.min(40, one.length()))
                            + "'; allowed: whole numbers with commas between them");
                }
                all.add(Long.parseLong(one));
            }
        }
        for (Part part : labels) {
            NpyArray array = array("labels", part.content());
            if (array.shape().length != 1) {
                throw new RefusedRequestException(MISFIT, "labels: shape " + Arrays.toString(array.shape())
                        + "; allowed: one dimension, a label for each image");
            }
            Arrays.stream(array.values()).forEach(all::add);
        }
        return all.stream().mapToLong(Long::longValue).toArray();
    }

    private static NpyArray array(String name, byte[] content) throws RefusedRequestException {
        try {
            return NpyArray.of(name, content);
        } catch (IllegalArgumentException e) {
            throw new RefusedRequestException(MALFORMED, e.getMessage());
        }
    }
}

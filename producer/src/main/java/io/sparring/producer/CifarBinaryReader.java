package io.sparring.producer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads the binary files of CIFAR-10 and CIFAR-100: rows of one byte for each label and the 1024 red, 1024 green and 1024 blue
 * values of a 32 x 32 image, row by row. CIFAR-10 has one label, CIFAR-100 a coarse and a fine one: the last is the class. A
 * split is any number of such files, one after the other.
 *
 * @param labels how many values each label of a row can have, 1 to 256
 */
public record CifarBinaryReader(List<Integer> labels) implements ImageReader {

    static final int SIDE = 32;
    static final int PLANE = SIDE * SIDE;
    static final int CHANNELS = 3;

    /** CIFAR-10's classes. */
    static final CifarBinaryReader CIFAR_10 = new CifarBinaryReader(List.of(10));
    /** CIFAR-100's superclasses and classes. */
    static final CifarBinaryReader CIFAR_100 = new CifarBinaryReader(List.of(20, 100));

    public CifarBinaryReader {
        labels = List.copyOf(labels);
    }

    /** How many bytes a row has. */
    int row() {
        return labels.size() + CHANNELS * PLANE;
    }

    @Override
    public LabeledImages read(List<Path> files) throws IOException {
        // files are read twice, for their lengths first, so that no more than one is held beside the result
        int count = 0;
        for (Path file : files) {
            count += rows(file, RawFile.content(file));
        }
        byte[] pixels = new byte[Math.multiplyExact(count, CHANNELS * PLANE)];
        int[] classes = new int[count];
        int image = 0;
        for (Path file : files) {
            byte[] content = RawFile.content(file);
            for (int row = 0; row < rows(file, content); row++, image++) {
                classes[image] = label(file, content, row);
                interleave(content, row * row() + labels.size(), pixels, image * CHANNELS * PLANE);
            }
        }
        return new LabeledImages(pixels, classes, SIDE, SIDE, CHANNELS, labels.get(labels.size() - 1));
    }

    private int rows(Path file, byte[] content) throws IOException {
        if (content.length == 0 || content.length % row() != 0) {
            throw new IOException("%s: %d bytes; expected: rows of %d, %s and 3 x 32 x 32 values each"
                    .formatted(file, content.length, row(), labels.size() == 1 ? "a label" : labels.size() + " labels"));
        }
        return content.length / row();
    }

    /** The last label of the row; all of them are checked. */
    private int label(Path file, byte[] content, int row) throws IOException {
        int label = 0;
        for (int place = 0; place < labels.size(); place++) {
            label = Byte.toUnsignedInt(content[row * row() + place]);
            if (label >= labels.get(place)) {
                throw new IOException("%s: label %d in row %d; expected: 0 to %d"
                        .formatted(file, label, row, labels.get(place) - 1));
            }
        }
        return label;
    }

    private static void interleave(byte[] planes, int from, byte[] pixels, int to) {
        for (int place = 0; place < PLANE; place++) {
            for (int channel = 0; channel < CHANNELS; channel++) {
                pixels[to + place * CHANNELS + channel] = planes[from + channel * PLANE + place];
            }
        }
    }
}

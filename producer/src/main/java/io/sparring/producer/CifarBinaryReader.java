package io.sparring.producer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads CIFAR-10's binary files: rows of 3073 bytes, each a label 0 to 9 and the 1024 red, 1024 green and 1024 blue values of
 * a 32 x 32 image, row by row. A split is any number of such files, one after the other.
 */
public final class CifarBinaryReader implements ImageReader {

    static final int SIDE = 32;
    static final int PLANE = SIDE * SIDE;
    static final int CHANNELS = 3;
    static final int CLASSES = 10;
    static final int ROW = 1 + CHANNELS * PLANE;

    @Override
    public LabeledImages read(List<Path> files) throws IOException {
        // files are read twice, for their lengths first, so that no more than one is held beside the result
        int count = 0;
        for (Path file : files) {
            count += rows(file, RawFile.content(file));
        }
        byte[] pixels = new byte[Math.multiplyExact(count, CHANNELS * PLANE)];
        int[] labels = new int[count];
        int image = 0;
        for (Path file : files) {
            byte[] content = RawFile.content(file);
            for (int row = 0; row < rows(file, content); row++, image++) {
                labels[image] = label(file, content, row);
                interleave(content, row * ROW + 1, pixels, image * CHANNELS * PLANE);
            }
        }
        return new LabeledImages(pixels, labels, SIDE, SIDE, CHANNELS, CLASSES);
    }

    private static int rows(Path file, byte[] content) throws IOException {
        if (content.length == 0 || content.length % ROW != 0) {
            throw new IOException("%s: %d bytes; expected: rows of %d, a label and 3 x 32 x 32 values each"
                    .formatted(file, content.length, ROW));
        }
        return content.length / ROW;
    }

    private static int label(Path file, byte[] content, int row) throws IOException {
        int label = Byte.toUnsignedInt(content[row * ROW]);
        if (label >= CLASSES) {
            throw new IOException("%s: label %d in row %d; expected: 0 to %d".formatted(file, label, row, CLASSES - 1));
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

package io.sparring.producer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads IDX files, the format of MNIST: a big-endian header (0, 0, 8 for unsigned bytes, the number of dimensions, then
 * each dimension as a 32-bit integer) and the values. A split is two files: grey images (count, rows, columns), then labels
 * (count).
 *
 * @param classes how many classes there are, 1 to 256
 */
public record IdxReader(int classes) implements ImageReader {

    private static final int UNSIGNED_BYTES = 0x08;

    private record Values(int[] dimensions, byte[] bytes) {}

    @Override
    public LabeledImages read(List<Path> files) throws IOException {
        if (files.size() != 2) {
            throw new IllegalArgumentException("%d files %s; expected: one of images, one of labels"
                    .formatted(files.size(), files));
        }
        Values images = values(files.get(0), 3);
        Values labels = values(files.get(1), 1);
        int count = images.dimensions()[0];
        if (labels.bytes().length != count) {
            throw new IOException("%s: %d labels; expected: one for each of the %d images of %s"
                    .formatted(files.get(1), labels.bytes().length, count, files.get(0)));
        }
        return new LabeledImages(images.bytes(), classesOf(files.get(1), labels.bytes()),
                images.dimensions()[1], images.dimensions()[2], 1, classes);
    }

    private int[] classesOf(Path file, byte[] labels) throws IOException {
        int[] known = new int[labels.length];
        for (int image = 0; image < labels.length; image++) {
            known[image] = Byte.toUnsignedInt(labels[image]);
            if (known[image] >= classes) {
                throw new IOException("%s: label %d of image %d; expected: 0 to %d"
                        .formatted(file, known[image], image, classes - 1));
            }
        }
        return known;
    }

    private static Values values(Path file, int rank) throws IOException {
        byte[] content = RawFile.content(file);
        int headerLength = 4 + 4 * rank;
        int magic = UNSIGNED_BYTES << 8 | rank;
        ByteBuffer header = ByteBuffer.wrap(content);
        if (content.length < headerLength || header.getInt() != magic) {
            throw new IOException(("%s: not an IDX file of unsigned bytes in %d dimensions; "
                    + "expected: a header of %d bytes that begins with %08x").formatted(file, rank, headerLength, magic));
        }
        int[] dimensions = new int[rank];
        long length = 1;
        for (int dimension = 0; dimension < rank; dimension++) {
            dimensions[dimension] = header.getInt();
            if (dimensions[dimension] < 1) {
                throw new IOException("%s: dimension %d is %d; expected: at least 1"
                        .formatted(file, dimension, dimensions[dimension]));
            }
            // a corrupt header can overflow a long: beyond what an array holds, how far beyond does not matter
            length = Math.min(length * dimensions[dimension], 1L << 31);
        }
        if (content.length - headerLength != length) {
            throw new IOException("%s: %d bytes after the header; expected: %s, as the header says".formatted(
                    file, content.length - headerLength,
                    Arrays.stream(dimensions).mapToObj(Integer::toString).collect(Collectors.joining(" x "))));
        }
        return new Values(dimensions, Arrays.copyOfRange(content, headerLength, content.length));
    }
}

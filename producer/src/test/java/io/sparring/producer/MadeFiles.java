package io.sparring.producer;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;

/** Writes the files of data sets as they are published, only smaller. */
final class MadeFiles {

    private MadeFiles() {}

    static byte[] idx(byte[] values, int... dimensions) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0x0800 | dimensions.length);
        for (int dimension : dimensions) {
            out.writeInt(dimension);
        }
        out.write(values);
        return bytes.toByteArray();
    }

    static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    /** A row of a CIFAR-10 file in which value v of plane p is (first + 50 p + v) mod 256. */
    static byte[] cifarRow(int label, int first) {
        return cifarRow(List.of(label), first);
    }

    /** The same of a file with some labels before the values. */
    static byte[] cifarRow(List<Integer> labels, int first) {
        byte[] row = new byte[labels.size() + 3072];
        for (int label = 0; label < labels.size(); label++) {
            row[label] = labels.get(label).byteValue();
        }
        for (int plane = 0; plane < 3; plane++) {
            for (int place = 0; place < 1024; place++) {
                row[labels.size() + plane * 1024 + place] = (byte) (first + 50 * plane + place);
            }
        }
        return row;
    }

    /** A small data set of the IDX kind, with the right sums, as a description without sources. */
    static DataSetDescription description(String name, byte shade, List<DataSource> sources) throws IOException {
        return new PublishedFiles(name, List.of("a", "b"),
                List.of(rawFile("train-images", images(shade, 2)), rawFile("train-labels", labels(2))),
                List.of(rawFile("test-images", images(shade, 1)), rawFile("test-labels", labels(1))),
                new IdxReader(2), sources);
    }

    /** Writes the files of {@link #description}. */
    static Path write(Path directory, byte shade) throws IOException {
        Files.createDirectories(directory);
        Files.write(directory.resolve("train-images"), images(shade, 2));
        Files.write(directory.resolve("train-labels"), labels(2));
        Files.write(directory.resolve("test-images.gz"), gzip(images(shade, 1)));
        Files.write(directory.resolve("test-labels.gz"), gzip(labels(1)));
        return directory;
    }

    /** Writes an image, grey or in colour, in the format of the file's ending; all its values are the shade. */
    static Path image(Path file, int height, int width, int channels, int shade) throws IOException {
        byte[] pixels = new byte[height * width * channels];
        Arrays.fill(pixels, (byte) shade);
        return image(file, new DecodedImage(pixels, new ImageForm(height, width, channels)));
    }

    /** Writes an image in the format of the file's ending, whatever its case. */
    static Path image(Path file, DecodedImage image) throws IOException {
        ImageForm form = image.form();
        BufferedImage picture = new BufferedImage(form.width(), form.height(),
                form.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        int[] samples = new int[image.pixels().length];
        for (int value = 0; value < samples.length; value++) {
            samples[value] = Byte.toUnsignedInt(image.pixels()[value]);
        }
        picture.getRaster().setPixels(0, 0, form.width(), form.height(), samples);
        Files.createDirectories(file.getParent());
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        String name = file.toString();
        if (!ImageIO.write(picture, name.substring(name.lastIndexOf('.') + 1), encoded)) {
            throw new IOException("no encoder for " + file);
        }
        return Files.write(file, encoded.toByteArray());
    }

    private static RawFile rawFile(String name, byte[] content) {
        return new RawFile(name, RawFile.md5Of(content));
    }

    private static byte[] images(byte shade, int count) throws IOException {
        byte[] values = new byte[count * 6];
        values[0] = shade;
        return idx(values, count, 2, 3);
    }

    private static byte[] labels(int count) throws IOException {
        byte[] values = new byte[count];
        values[0] = 1;
        return idx(values, count);
    }
}

package io.sparring.producer;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;

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
        byte[] row = new byte[CifarBinaryReader.ROW];
        row[0] = (byte) label;
        for (int plane = 0; plane < 3; plane++) {
            for (int place = 0; place < 1024; place++) {
                row[1 + plane * 1024 + place] = (byte) (first + 50 * plane + place);
            }
        }
        return row;
    }

    /** A small data set of the IDX kind, with the right sums, as a description without sources. */
    static DataSetDescription description(String name, byte shade, List<DataSource> sources) throws IOException {
        return new DataSetDescription(name, List.of("a", "b"),
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

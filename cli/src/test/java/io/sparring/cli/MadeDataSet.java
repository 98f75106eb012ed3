package io.sparring.cli;

import io.sparring.producer.DataSet;
import io.sparring.producer.DataSetLoader;
import io.sparring.producer.IdxReader;
import io.sparring.producer.LabeledImages;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * A small data set on which robustness has to be learned (after Tsipras et al., arXiv 1805.12152). A class shows in two
 * ways: a quadrant that is much brighter, but in one image of ten is the quadrant of another class; and a faint texture, far
 * below epsilon 0.1, that is always right. Who trains on clean images alone trusts the texture, which an attack turns into
 * that of another class; who trains on attacked ones is left with the quadrant.
 *
 * @param folder where the IDX files are
 */
record MadeDataSet(Path folder) implements DataSetLoader {

    static final String NAME = "quadrants";
    static final int CLASSES = 4;

    private static final int SIDE = 8;
    private static final double DARK = 0.3;
    private static final double BRIGHT = 0.65;
    private static final double TEXTURE = 0.07;
    private static final double NOISE = 0.02;
    private static final double MISLEADING = 0.2;

    /** Writes the files of both splits. */
    static MadeDataSet write(Path folder, long seed, int training, int heldOut) throws IOException {
        Random random = new Random(seed);
        write(folder, "training", training, random);
        write(folder, "held-out", heldOut, random);
        return new MadeDataSet(folder);
    }

    @Override
    public DataSet load(String name, int imageSize) throws IOException {
        return new DataSet(name, List.of("upper left", "upper right", "lower left", "lower right"), read("training"),
                read("held-out"));
    }

    private LabeledImages read(String split) throws IOException {
        return new IdxReader(CLASSES).read(List.of(images(folder, split), labels(folder, split)));
    }

    private static void write(Path folder, String split, int count, Random random) throws IOException {
        try (DataOutputStream images = new DataOutputStream(Files.newOutputStream(images(folder, split)));
                DataOutputStream labels = new DataOutputStream(Files.newOutputStream(labels(folder, split)))) {
            header(images, count, SIDE, SIDE);
            header(labels, count);
            for (int image = 0; image < count; image++) {
                int label = random.nextInt(CLASSES);
                labels.write(label);
                images.write(image(label, random));
            }
        }
    }

    private static byte[] image(int label, Random random) {
        int quadrant = random.nextDouble() < MISLEADING ? (label + 1 + random.nextInt(CLASSES - 1)) % CLASSES : label;
        byte[] pixels = new byte[SIDE * SIDE];
        for (int row = 0; row < SIDE; row++) {
            for (int column = 0; column < SIDE; column++) {
                boolean bright = quadrant == 2 * (2 * row / SIDE) + 2 * column / SIDE;
                double value = (bright ? BRIGHT : DARK) + TEXTURE * texture(label, row, column) + NOISE * random.nextGaussian();
                pixels[row * SIDE + column] = (byte) Math.round(255 * Math.max(0, Math.min(1, value)));
            }
        }
        return pixels;
    }

    /** Lines across, lines down, a chessboard, or a chessboard of fields twice as large: 1 or -1. */
    private static int texture(int label, int row, int column) {
        int field = switch (label) {
            case 0 -> row;
            case 1 -> column;
            case 2 -> row + column;
            default -> row / 2 + column / 2;
        };
        return field % 2 == 0 ? 1 : -1;
    }

    private static void header(DataOutputStream file, int... dimensions) throws IOException {
        file.writeInt(0x0800 | dimensions.length);
        for (int dimension : dimensions) {
            file.writeInt(dimension);
        }
    }

    private static Path images(Path folder, String split) {
        return folder.resolve(split + "-images");
    }

    private static Path labels(Path folder, String split) {
        return folder.resolve(split + "-labels");
    }
}

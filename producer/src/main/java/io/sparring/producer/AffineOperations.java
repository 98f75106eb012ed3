package io.sparring.producer;

import java.util.Arrays;

/**
 * Shearing, shifting and turning an image. Every place of the result is looked up in the image, places counting from their
 * centres; what comes from outside is grey, {@value #FILL}. Shearing interpolates by a cubic convolution with parameter -1 and
 * cuts off fractions, the others take the nearest value: as Pillow does.
 */
final class AffineOperations {

    static final int FILL = 128;

    private AffineOperations() {}

    /** @param slope columns by which the lookup moves to the right for each row */
    static RgbImage shearX(RgbImage image, double slope) {
        return cubic(image, 1, slope, 0, 1);
    }

    /** @param slope rows by which the lookup moves down for each column */
    static RgbImage shearY(RgbImage image, double slope) {
        return cubic(image, 1, 0, slope, 1);
    }

    /** @param share of the width by which the lookup moves to the right */
    static RgbImage translateX(RgbImage image, double share) {
        return nearest(image, 1, 0, share * image.width(), 0, 1, 0);
    }

    /** @param share of the height by which the lookup moves down */
    static RgbImage translateY(RgbImage image, double share) {
        return nearest(image, 1, 0, 0, 0, 1, share * image.height());
    }

    /** @param degrees anticlockwise, round the middle of the image */
    static RgbImage rotate(RgbImage image, double degrees) {
        double cosine = StrictMath.cos(-Math.toRadians(degrees));
        double sine = StrictMath.sin(-Math.toRadians(degrees));
        double x = image.width() / 2.0;
        double y = image.height() / 2.0;
        return nearest(image, cosine, sine, x - cosine * x - sine * y, -sine, cosine, y + sine * x - cosine * y);
    }

    /** Place (x, y) of the result is the one at (xx x + xy y + x0, yx x + yy y + y0), in fixed-point arithmetic of 16 bits. */
    private static RgbImage nearest(RgbImage image, double xx, double xy, double x0, double yx, double yy, double y0) {
        byte[] pixels = filled(image);
        int columnStart = fixed(x0 + xx * 0.5 + xy * 0.5);
        int rowStart = fixed(y0 + yx * 0.5 + yy * 0.5);
        for (int row = 0; row < image.height(); row++) {
            for (int column = 0; column < image.width(); column++) {
                int fromColumn = columnStart + row * fixed(xy) + column * fixed(xx) >> 16;
                int fromRow = rowStart + row * fixed(yy) + column * fixed(yx) >> 16;
                if (image.holds(fromRow, fromColumn)) {
                    System.arraycopy(image.pixels(), image.index(fromRow, fromColumn, 0),
                            pixels, image.index(row, column, 0), RgbImage.CHANNELS);
                }
            }
        }
        return image.with(pixels);
    }

    private static int fixed(double value) {
        return (int) Math.floor(value * 65_536 + 0.5);
    }

    private static RgbImage cubic(RgbImage image, double xx, double xy, double yx, double yy) {
        byte[] pixels = filled(image);
        for (int row = 0; row < image.height(); row++) {
            for (int column = 0; column < image.width(); column++) {
                double x = xx * (column + 0.5) + xy * (row + 0.5);
                double y = yx * (column + 0.5) + yy * (row + 0.5);
                if (x >= 0 && x < image.width() && y >= 0 && y < image.height()) {
                    for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
                        pixels[image.index(row, column, channel)] = (byte) cubic(image, x - 0.5, y - 0.5, channel);
                    }
                }
            }
        }
        return image.with(pixels);
    }

    /** The value between the sixteen around it; those outside are as the nearest inside. */
    private static int cubic(RgbImage image, double x, double y, int channel) {
        int left = (int) Math.floor(x) - 1;
        int top = (int) Math.floor(y) - 1;
        double[] across = new double[4];
        double[] down = new double[4];
        for (int row = 0; row < 4; row++) {
            for (int column = 0; column < 4; column++) {
                across[column] = image.value(Math.min(Math.max(top + row, 0), image.height() - 1),
                        Math.min(Math.max(left + column, 0), image.width() - 1), channel);
            }
            down[row] = cubic(across, x - Math.floor(x));
        }
        return (int) Math.max(0, Math.min(255, cubic(down, y - Math.floor(y))));
    }

    /** Between the second and the third of four values. */
    private static double cubic(double[] values, double share) {
        double slope = values[2] - values[0];
        double bend = 2 * (values[0] - values[1]) + values[2] - values[3];
        double turn = values[1] - values[0] - values[2] + values[3];
        return values[1] + share * (slope + share * (bend + share * turn));
    }

    private static byte[] filled(RgbImage image) {
        byte[] pixels = new byte[image.pixels().length];
        Arrays.fill(pixels, (byte) FILL);
        return pixels;
    }
}

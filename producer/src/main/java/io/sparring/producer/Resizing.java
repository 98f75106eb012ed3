package io.sparring.producer;

/**
 * Bilinear resizing with antialiasing: a value of the result is the mean of the values around its place, weighted by a triangle
 * that is two places of the larger of both grids wide; columns first, then rows, each rounded to bytes. This is what Pillow's
 * and torchvision's bilinear resizing compute, but for the last bit of their fixed-point arithmetic.
 */
final class Resizing {

    private Resizing() {}

    static DecodedImage of(DecodedImage image, int height, int width) {
        ImageForm form = image.form();
        ImageForm wide = new ImageForm(form.height(), width, form.channels());
        byte[] columns = new byte[wide.bytes()];
        for (int row = 0; row < form.height(); row++) {
            line(image.pixels(), row * form.width() * form.channels(), form.width(),
                    columns, row * width * form.channels(), width, form.channels(), form.channels());
        }
        ImageForm whole = new ImageForm(height, width, form.channels());
        byte[] pixels = new byte[whole.bytes()];
        for (int column = 0; column < width; column++) {
            line(columns, column * form.channels(), form.height(),
                    pixels, column * form.channels(), height, width * form.channels(), form.channels());
        }
        return new DecodedImage(pixels, whole);
    }

    /** Resizes a row or a column, whose places are {@code step} values apart. */
    private static void line(byte[] source, int from, int length, byte[] target, int to, int newLength, int step, int channels) {
        double scale = (double) length / newLength;
        double reach = Math.max(1, scale);
        for (int place = 0; place < newLength; place++) {
            double centre = (place + 0.5) * scale;
            int first = (int) Math.max(0, Math.floor(centre - reach));
            int end = (int) Math.min(length, Math.ceil(centre + reach));
            for (int channel = 0; channel < channels; channel++) {
                double sum = 0;
                double weights = 0;
                for (int other = first; other < end; other++) {
                    double weight = Math.max(0, 1 - Math.abs(other + 0.5 - centre) / reach);
                    weights += weight;
                    sum += weight * Byte.toUnsignedInt(source[from + other * step + channel]);
                }
                target[to + place * step + channel] = (byte) Math.floor(sum / weights + 0.5);
            }
        }
    }
}

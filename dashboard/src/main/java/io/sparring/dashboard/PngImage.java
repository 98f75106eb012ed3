package io.sparring.dashboard;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** An image as a PNG inside an address, so that a page has it in itself. */
final class PngImage {

    private PngImage() {
    }

    /** @param pixels shape [height, width, channels], unsigned bytes; 1 channel (grey) or 3 (red, green, blue) */
    static String address(byte[] pixels, int height, int width, int channels) {
        BufferedImage image = new BufferedImage(width, height,
                channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        int[] samples = new int[pixels.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = Byte.toUnsignedInt(pixels[i]);
        }
        image.getRaster().setPixels(0, 0, width, height, samples);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new IllegalStateException("this Java writes no PNG");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}

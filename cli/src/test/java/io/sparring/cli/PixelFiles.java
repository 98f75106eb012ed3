package io.sparring.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Writes grey images as PNG files. */
final class PixelFiles {

    private PixelFiles() {
    }

    /** @param pixels unsigned, row by row */
    static void write(Path file, int width, byte[] pixels) throws IOException {
        BufferedImage image = new BufferedImage(width, pixels.length / width, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setDataElements(0, 0, width, pixels.length / width, pixels);
        ImageIO.write(image, "png", file.toFile());
    }
}

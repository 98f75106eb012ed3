package io.sparring.producer;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * An image of a PNG or JPEG file, its values as they are stored: no colour profile or gamma is applied, of 16 bits the upper
 * eight are taken, opacity is left out. Decoders of JPEG differ by a few units.
 *
 * @param pixels unsigned bytes, row by row, the channels of a pixel side by side
 */
record DecodedImage(byte[] pixels, ImageForm form) {

    private static final Set<String> FORMATS = Set.of("png", "jpeg");

    private interface Use<T> {
        T of(ImageReader reader) throws IOException;
    }

    /** @throws IOException if the file is no PNG or JPEG image, or not a whole one; it names the file */
    static DecodedImage of(Path file) throws IOException {
        return with(file.toString(), Files.readAllBytes(file), DecodedImage::decoded);
    }

    /** The form of the file's image, from its header alone; errors as for {@link #of}. */
    static ImageForm form(Path file) throws IOException {
        return with(file.toString(), Files.readAllBytes(file), DecodedImage::form);
    }

    /**
     * An image that has to fit: one of another size is refused by its header, before there is room made for its pixels; what is
     * grey is coloured if need be.
     *
     * @param name what errors call it
     * @throws IOException if it is no PNG or JPEG image, not a whole one, or does not fit; it names the image
     */
    static DecodedImage of(String name, byte[] content, ImageForm expected) throws IOException {
        DecodedImage image = with(name, content, reader -> {
            ImageForm form = form(reader);
            if (!form.isAsLargeAs(expected) || form.channels() > expected.channels()) {
                throw new MisfitException("%s: %d x %d x %d; allowed: the run's, %d x %d x %d".formatted(name, form.height(),
                        form.width(), form.channels(), expected.height(), expected.width(), expected.channels()));
            }
            return decoded(reader);
        });
        return expected.channels() == 3 ? image.inColour() : image;
    }

    /** A sound image that does not fit. */
    static final class MisfitException extends IOException {

        private static final long serialVersionUID = 1L;

        MisfitException(String message) {
            super(message);
        }
    }

    private static DecodedImage decoded(ImageReader reader) throws IOException {
        BufferedImage image = reader.read(0);
        return of(image.getRaster(), image.getColorModel());
    }

    private static ImageForm form(ImageReader reader) throws IOException {
        Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
        if (!types.hasNext()) {
            throw new IOException("neither grey nor in red, green and blue");
        }
        return new ImageForm(reader.getHeight(0), reader.getWidth(0), channels(types.next().getColorModel()));
    }

    /** The same image in red, green and blue, which are equal if it is grey. */
    DecodedImage inColour() {
        if (form.channels() == 3) {
            return this;
        }
        byte[] coloured = new byte[3 * pixels.length];
        for (int value = 0; value < coloured.length; value++) {
            coloured[value] = pixels[value / 3];
        }
        return new DecodedImage(coloured, form.inColour());
    }

    private static <T> T with(String name, byte[] content, Use<T> use) throws IOException {
        try (MemoryCacheImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            ImageReader reader = readers.hasNext() ? readers.next() : null;
            if (reader == null || !FORMATS.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
                throw new IOException("its content is neither PNG nor JPEG");
            }
            try {
                reader.setInput(stream, true, true);
                return wholly(reader, use);
            } finally {
                reader.dispose();
            }
        } catch (MisfitException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // the decoders throw unchecked exceptions on some damaged files
            throw new IOException("%s: cannot be read as an image: %s".formatted(name, e.getMessage()), e);
        }
    }

    /** Java's JPEG decoder fills what is missing at the end of a file with grey and warns. */
    private static <T> T wholly(ImageReader reader, Use<T> use) throws IOException {
        boolean[] truncated = {false};
        reader.addIIOReadWarningListener((source, warning) -> truncated[0] |= warning.startsWith("Truncated File"));
        T result = use.of(reader);
        if (truncated[0]) {
            throw new IOException("it ends too soon");
        }
        return result;
    }

    private static DecodedImage of(Raster raster, ColorModel colours) throws IOException {
        ImageForm form = new ImageForm(raster.getHeight(), raster.getWidth(), channels(colours));
        byte[] pixels = new byte[form.bytes()];
        int[] samples = new int[form.width()];
        for (int row = 0; row < form.height(); row++) {
            for (int channel = 0; channel < form.channels(); channel++) {
                samples(raster, colours, row, channel, samples);
                for (int column = 0; column < form.width(); column++) {
                    pixels[(row * form.width() + column) * form.channels() + channel] = (byte) samples[column];
                }
            }
        }
        return new DecodedImage(pixels, form);
    }

    private static void samples(Raster raster, ColorModel colours, int row, int channel, int[] samples) {
        if (colours instanceof IndexColorModel palette) {
            raster.getSamples(0, row, samples.length, 1, 0, samples);
            for (int column = 0; column < samples.length; column++) {
                samples[column] = palette.getRGB(samples[column]) >> 16 - 8 * channel & 0xff;
            }
        } else {
            raster.getSamples(0, row, samples.length, 1, channel, samples);
            int surplus = Math.max(0, colours.getComponentSize(channel) - Byte.SIZE);
            for (int column = 0; column < samples.length; column++) {
                samples[column] >>= surplus;
            }
        }
    }

    private static int channels(ColorModel colours) throws IOException {
        if (colours instanceof IndexColorModel palette) {
            for (int entry = 0; entry < palette.getMapSize(); entry++) {
                if (palette.getRed(entry) != palette.getGreen(entry) || palette.getRed(entry) != palette.getBlue(entry)) {
                    return 3;
                }
            }
            return 1;
        }
        int channels = colours.getNumColorComponents();
        if (channels != 1 && channels != 3) {
            throw new IOException(channels + " colour channels; expected: 1 or 3");
        }
        return channels;
    }
}

package io.sparring.producer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Folders of image files, in the order of their names: the same on every machine. Hidden files and folders do not count. */
final class ImageFiles {

    private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg");
    /** What an array can hold on every Java machine. */
    private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private ImageFiles() {}

    /** The names of the folders in a folder. @throws IOException if there is none, or a file among them */
    static List<String> folders(Path directory) throws IOException {
        List<Path> entries = entries(directory);
        for (Path entry : entries) {
            if (!Files.isDirectory(entry)) {
                throw new IOException("%s: a file; expected: one folder for each class".formatted(entry));
            }
        }
        if (entries.isEmpty()) {
            throw new IOException("%s: empty; expected: one folder for each class".formatted(directory));
        }
        return entries.stream().map(ImageFiles::name).toList();
    }

    /** The images in a folder. @throws IOException if there is none, or something else among them */
    static List<Path> images(Path directory) throws IOException {
        List<Path> entries = entries(directory);
        for (Path entry : entries) {
            String name = name(entry);
            String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
            if (!Files.isRegularFile(entry) || !ENDINGS.contains(ending)) {
                throw new IOException("%s: expected: an image file that ends in .png, .jpg or .jpeg".formatted(entry));
            }
        }
        if (entries.isEmpty()) {
            throw new IOException("%s: empty; expected: at least one image".formatted(directory));
        }
        return entries;
    }

    /**
     * Decodes images, one after the other, into an array that is made once.
     *
     * @param form of the result: what is grey is coloured if it says so, what is of another size is resized if allowed
     * @throws IOException if a file cannot be read or does not fit; it names the file
     */
    static LabeledImages read(List<LabeledFile> files, ImageForm form, boolean resize, int classes) throws IOException {
        long bytes = (long) files.size() * form.bytes();
        if (bytes > LARGEST_ARRAY) {
            throw new IOException("%d images of %d x %d x %d take %d bytes; allowed: %d; data.imageSize makes them smaller"
                    .formatted(files.size(), form.height(), form.width(), form.channels(), bytes, LARGEST_ARRAY));
        }
        byte[] pixels = new byte[(int) bytes];
        for (int image = 0; image < files.size(); image++) {
            Path file = files.get(image).file();
            DecodedImage decoded = DecodedImage.of(file);
            check(file, decoded.form(), form, resize);
            decoded = form.channels() == 3 ? decoded.inColour() : decoded;
            decoded = decoded.form().isAsLargeAs(form) ? decoded : Resizing.of(decoded, form.height(), form.width());
            System.arraycopy(decoded.pixels(), 0, pixels, image * form.bytes(), form.bytes());
        }
        return new LabeledImages(pixels, files.stream().mapToInt(LabeledFile::label).toArray(),
                form.height(), form.width(), form.channels(), classes);
    }

    /** @throws IOException if images of the first form cannot be made ones of the other; it names the file */
    static void check(Path file, ImageForm found, ImageForm expected, boolean resize) throws IOException {
        if (!resize && !found.isAsLargeAs(expected)) {
            throw new IOException("%s: %d x %d pixels; expected: %d x %d, as all others, or a data.imageSize to resize them to"
                    .formatted(file, found.height(), found.width(), expected.height(), expected.width()));
        }
        if (found.channels() > expected.channels()) {
            throw new IOException("%s: in colour; expected: grey, as all others".formatted(file));
        }
    }

    /** What is in a folder. @throws IOException if there is no such folder */
    static List<Path> entries(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory + ": no such folder");
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> !name(entry).startsWith(".")).sorted(Comparator.comparing(ImageFiles::name)).toList();
        }
    }

    /** Without the slash that a folder's name ends with in an archive. */
    private static String name(Path path) {
        String name = path.getFileName().toString();
        return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    }
}

package io.sparring.producer;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;

/**
 * A file in which a data set is published.
 *
 * @param name its official name, without {@code .gz}
 * @param md5 the official MD5 sum of its content, uncompressed, as 32 lower-case hexadecimal digits; empty if it is not known
 * @param bytes how long its content is, uncompressed; empty if the sum says it
 */
record RawFile(String name, Optional<String> md5, OptionalLong bytes) {

    /** A file whose sum is known. */
    RawFile(String name, String md5) {
        this(name, Optional.of(md5), OptionalLong.empty());
    }

    /** A file of which no more than its length is known. */
    RawFile(String name, long bytes) {
        this(name, Optional.empty(), OptionalLong.of(bytes));
    }

    /**
     * Where the file is in a directory, as it is or as {@code .gz}.
     *
     * @throws NoSuchFileException if it is there as neither
     */
    Path in(Path directory) throws NoSuchFileException {
        Path plain = directory.resolve(name);
        Path compressed = directory.resolve(name + ".gz");
        if (Files.isRegularFile(plain)) {
            return plain;
        }
        if (Files.isRegularFile(compressed)) {
            return compressed;
        }
        throw new NoSuchFileException(plain.toString(), null, "not there, nor with .gz");
    }

    /** @throws IOException if the file in the directory is missing or unreadable, or has another sum or length */
    void verify(Path directory) throws IOException {
        Path file = in(directory);
        byte[] content = content(file);
        if (bytes.isPresent() && content.length != bytes.getAsLong()) {
            throw new IOException("%s: its content has %d bytes; expected: %d"
                    .formatted(file, content.length, bytes.getAsLong()));
        }
        if (md5.isPresent() && !md5Of(content).equals(md5.get())) {
            throw new IOException("%s: its content has the MD5 sum %s; expected: %s"
                    .formatted(file, md5Of(content), md5.get()));
        }
    }

    /**
     * The content of a file, uncompressed if it is gzip, whatever its name.
     *
     * @throws IOException if it cannot be read or uncompressed; it names the file
     */
    static byte[] content(Path file) throws IOException {
        byte[] stored = stored(file);
        if (stored.length < 2 || (stored[0] & 0xff | (stored[1] & 0xff) << 8) != GZIPInputStream.GZIP_MAGIC) {
            return stored;
        }
        try (GZIPInputStream uncompressed = new GZIPInputStream(new ByteArrayInputStream(stored), 1 << 16)) {
            return uncompressed.readAllBytes();
        } catch (IOException e) {
            throw new IOException("%s: expected: whole gzip data; found: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static byte[] stored(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IOException("%s: cannot be read: %s".formatted(file, e), e);
        }
    }

    static String md5Of(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has MD5", e);
        }
    }
}

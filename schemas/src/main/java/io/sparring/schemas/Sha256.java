package io.sparring.schemas;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 as records carry it: 64 lower-case hexadecimal digits. */
public final class Sha256 {

    private Sha256() {
    }

    /** The digest of the bytes. */
    public static String of(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    /** The digest of a batch of one view: its pixels, then its labels as big-endian 32-bit integers. */
    public static String of(ByteBuffer pixels, List<Integer> labels) {
        return of(pixels, null, labels);
    }

    /**
     * The digest of a batch: its pixels, those of the second view if there is one, then its labels as big-endian 32-bit integers.
     *
     * @param secondPixels null where the batch has one view
     */
    public static String of(ByteBuffer pixels, ByteBuffer secondPixels, List<Integer> labels) {
        MessageDigest digest = digest();
        digest.update(pixels.duplicate());
        if (secondPixels != null) {
            digest.update(secondPixels.duplicate());
        }
        ByteBuffer integers = ByteBuffer.allocate(Integer.BYTES * labels.size());
        labels.forEach(integers::putInt);
        digest.update(integers.flip());
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

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

    /** The digest of a batch: its pixels, then its labels as big-endian 32-bit integers. */
    public static String of(ByteBuffer pixels, List<Integer> labels) {
        MessageDigest digest = digest();
        digest.update(pixels.duplicate());
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

package io.sparring.schemas;

/**
 * What a consumer got from a topic: a record, or bytes that are none and why.
 *
 * @param value the record, null if the bytes could not be read
 * @param raw the bytes that could not be read, else null
 * @param failure why they could not be read, else null
 * @param otherRelease whether they look like a record of a schema that only another, later release knows
 */
public record Received<T>(T value, byte[] raw, String failure, boolean otherRelease) {

    /** A record that could be read. */
    public static <T> Received<T> readable(T value) {
        return new Received<>(value, null, null, false);
    }

    /** Bytes that could not be read, and why. */
    public static <T> Received<T> unreadable(byte[] raw, String failure) {
        return new Received<>(null, raw, failure, false);
    }

    /** Bytes of a schema that this release does not know. */
    public static <T> Received<T> ofOtherRelease(byte[] raw, String failure) {
        return new Received<>(null, raw, failure, true);
    }

    /** Whether there is a record. */
    public boolean isReadable() {
        return failure == null;
    }
}

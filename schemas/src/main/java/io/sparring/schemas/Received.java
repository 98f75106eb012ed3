package io.sparring.schemas;

/**
 * What a consumer got from a topic: a record, or bytes that are none and why.
 *
 * @param value the record, null if the bytes could not be read
 * @param raw the bytes that could not be read, else null
 * @param failure why they could not be read, else null
 */
public record Received<T>(T value, byte[] raw, String failure) {

    /** A record that could be read. */
    public static <T> Received<T> readable(T value) {
        return new Received<>(value, null, null);
    }

    /** Bytes that could not be read, and why. */
    public static <T> Received<T> unreadable(byte[] raw, String failure) {
        return new Received<>(null, raw, failure);
    }

    /** Whether there is a record. */
    public boolean isReadable() {
        return failure == null;
    }
}

package io.sparring.schemas;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A large value cut into pieces that fit into records of Kafka's default size.
 *
 * @param sha256 digest of the whole
 * @param pieces the value's bytes in order; at least one, each of at most {@link #LARGEST} bytes
 */
public record Chunks(String sha256, List<ByteBuffer> pieces) {

    /** Largest piece, in bytes. */
    public static final int LARGEST = 512 * 1024;

    public Chunks {
        pieces = List.copyOf(pieces);
    }

    /** Cuts {@code whole}; the pieces are views of it. */
    public static Chunks of(byte[] whole) {
        List<ByteBuffer> pieces = new ArrayList<>();
        int offset = 0;
        do {
            int length = Math.min(LARGEST, whole.length - offset);
            pieces.add(ByteBuffer.wrap(whole, offset, length).slice());
            offset += length;
        } while (offset < whole.length);
        return new Chunks(Sha256.of(whole), pieces);
    }
}

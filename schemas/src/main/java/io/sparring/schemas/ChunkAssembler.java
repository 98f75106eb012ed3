package io.sparring.schemas;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Joins the {@link Chunks} of one value after another as they arrive. A value whose pieces are not consecutive, or whose
 * digest is another than announced, is passed over: {@link #add} never returns it. Used by one thread.
 */
public final class ChunkAssembler {

    private final ByteArrayOutputStream joined = new ByteArrayOutputStream();
    private String value = "";
    private int next;

    /**
     * Takes the next piece.
     *
     * @param identity what tells one value from another, for example its key and digest
     * @param chunk index of the piece, from 0
     * @param chunks how many the value has
     * @param sha256 digest of the whole
     * @return the whole value, once its last piece has been taken and its digest is right
     */
    public Optional<byte[]> add(String identity, int chunk, int chunks, String sha256, ByteBuffer piece) {
        if (chunk == 0) {
            joined.reset();
            value = identity;
            next = 0;
        }
        if (chunk != next || !identity.equals(value)) {
            value = "";
            return Optional.empty();
        }
        byte[] bytes = new byte[piece.remaining()];
        piece.duplicate().get(bytes);
        joined.writeBytes(bytes);
        next++;
        if (next < chunks) {
            return Optional.empty();
        }
        byte[] whole = joined.toByteArray();
        joined.reset();
        value = "";
        return Sha256.of(whole).equals(sha256) ? Optional.of(whole) : Optional.empty();
    }
}

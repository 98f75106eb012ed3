package io.sparring.schemas;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Joins the {@link Chunks} of one value after another as they arrive. A value that lacks a piece, or whose digest is another
 * than announced, is passed over: {@link #add} never returns it. What somebody else wrote between a value's pieces does not
 * keep it from being joined. Of no more than a few values pieces are held at a time. Used by one thread.
 */
public final class ChunkAssembler {

    /** More pieces, of {@link Chunks#LARGEST} bytes, than an array has room for. */
    private static final int MOST = Integer.MAX_VALUE / Chunks.LARGEST;
    /** Values of which pieces are held: the writer's and a few that others may have begun. */
    private static final int HELD = 4;

    private final Map<String, Joined> values = new LinkedHashMap<>();

    /** What is joined of one value. */
    private static final class Joined {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int next;
    }

    /** Why no value has such a piece, or nothing. */
    public static Optional<String> problem(int chunk, int chunks, ByteBuffer piece) {
        if (chunks < 1 || chunks > MOST || chunk < 0 || chunk >= chunks) {
            return Optional.of("chunk: " + chunk + " of " + chunks + "; allowed: 0 to chunks - 1, of 1 to " + MOST);
        }
        return piece.remaining() <= Chunks.LARGEST ? Optional.empty()
                : Optional.of("bytes: " + piece.remaining() + "; allowed: at most " + Chunks.LARGEST);
    }

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
        if (problem(chunk, chunks, piece).isPresent()) {
            return Optional.empty();
        }
        byte[] bytes = new byte[piece.remaining()];
        piece.duplicate().get(bytes);
        Joined joined = values.get(identity);
        if (chunk == 0 && (joined == null || !beginsWith(joined, bytes))) {
            joined = begin(identity);
        }
        if (joined == null || chunk < joined.next) {
            return Optional.empty();
        }
        if (chunk > joined.next) {
            values.remove(identity);
            return Optional.empty();
        }
        joined.bytes.writeBytes(bytes);
        joined.next++;
        if (joined.next < chunks) {
            return Optional.empty();
        }
        values.remove(identity);
        byte[] whole = joined.bytes.toByteArray();
        return Sha256.of(whole).equals(sha256) ? Optional.of(whole) : Optional.empty();
    }

    private Joined begin(String identity) {
        values.remove(identity);
        if (values.size() == HELD) {
            values.remove(values.keySet().iterator().next());
        }
        Joined joined = new Joined();
        values.put(identity, joined);
        return joined;
    }

    /** A copy of the first piece does not begin the value anew. */
    private static boolean beginsWith(Joined joined, byte[] first) {
        byte[] bytes = joined.bytes.toByteArray();
        return bytes.length >= first.length && Arrays.equals(bytes, 0, first.length, first, 0, first.length);
    }
}

package io.sparring.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunksTest {

    private final ChunkAssembler assembler = new ChunkAssembler();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, Chunks.LARGEST - 1, Chunks.LARGEST, Chunks.LARGEST + 1, 3 * Chunks.LARGEST})
    void cutAndJoinedIsTheSame(int length) {
        byte[] whole = bytes(length);
        Chunks chunks = Chunks.of(whole);
        assertThat(chunks.pieces()).allSatisfy(piece -> assertThat(piece.remaining()).isLessThanOrEqualTo(Chunks.LARGEST));
        assertThat(join(chunks, "a")).contains(whole);
    }

    @Test
    void aMissingFirstPieceIsPassedOverAndTheNextValueIsWhole() {
        Chunks chunks = Chunks.of(bytes(2 * Chunks.LARGEST));
        assertThat(assembler.add("a", 1, 2, chunks.sha256(), chunks.pieces().get(1))).isEmpty();
        assertThat(join(chunks, "b")).isPresent();
    }

    @Test
    void piecesOfTwoValuesAreNeverMixed() {
        Chunks one = Chunks.of(bytes(2 * Chunks.LARGEST));
        assembler.add("a", 0, 2, one.sha256(), one.pieces().get(0));
        assertThat(assembler.add("b", 1, 2, one.sha256(), one.pieces().get(1))).isEmpty();
    }

    @Test
    void anotherDigestIsPassedOver() {
        assertThat(assembler.add("a", 0, 1, Sha256.of(bytes(3)), ByteBuffer.wrap(bytes(4)))).isEmpty();
    }

    private Optional<byte[]> join(Chunks chunks, String identity) {
        Optional<byte[]> whole = Optional.empty();
        for (int i = 0; i < chunks.pieces().size(); i++) {
            assertThat(whole).isEmpty();
            whole = assembler.add(identity, i, chunks.pieces().size(), chunks.sha256(), chunks.pieces().get(i));
        }
        return whole;
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}

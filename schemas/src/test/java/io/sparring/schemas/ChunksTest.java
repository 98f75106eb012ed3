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
    void whatOthersWroteInBetweenDoesNotTearAValue() {
        byte[] whole = bytes(3 * Chunks.LARGEST - 5);
        Chunks chunks = Chunks.of(whole);
        Chunks other = Chunks.of(bytes(2 * Chunks.LARGEST));
        for (int i = 0; i < 2; i++) {
            assertThat(assembler.add("a", i, 3, chunks.sha256(), chunks.pieces().get(i))).isEmpty();
            assembler.add("b", 0, 2, other.sha256(), other.pieces().get(0));
            assembler.add("a", 0, 3, chunks.sha256(), chunks.pieces().get(0));
            assembler.add("a", -1, 3, chunks.sha256(), chunks.pieces().get(0));
            assembler.add("a", 3, 3, chunks.sha256(), chunks.pieces().get(0));
            assembler.add("a", 0, Integer.MAX_VALUE, chunks.sha256(), chunks.pieces().get(0));
        }
        assertThat(assembler.add("a", 2, 3, chunks.sha256(), chunks.pieces().get(2))).contains(whole);
        assertThat(assembler.add("b", 1, 2, other.sha256(), other.pieces().get(1))).isPresent();
    }

    @Test
    void ofMoreValuesThanAFewTheOldestIsForgotten() {
        Chunks chunks = Chunks.of(bytes(2 * Chunks.LARGEST));
        for (int i = 0; i < 5; i++) {
            assembler.add("value " + i, 0, 2, chunks.sha256(), chunks.pieces().get(0));
        }
        assertThat(assembler.add("value 0", 1, 2, chunks.sha256(), chunks.pieces().get(1))).isEmpty();
        assertThat(assembler.add("value 1", 1, 2, chunks.sha256(), chunks.pieces().get(1))).isPresent();
    }

    @Test
    void aPieceThatNoValueHasIsNamed() {
        ByteBuffer piece = ByteBuffer.wrap(bytes(10));
        assertThat(ChunkAssembler.problem(0, 1, piece)).isEmpty();
        assertThat(ChunkAssembler.problem(1, 1, piece)).contains("chunk: 1 of 1; allowed: 0 to chunks - 1, of 1 to 4095");
        assertThat(ChunkAssembler.problem(0, 4096, piece)).isPresent();
        assertThat(ChunkAssembler.problem(0, 1, ByteBuffer.wrap(bytes(Chunks.LARGEST + 1)))).contains(
                "bytes: 524289; allowed: at most 524288");
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

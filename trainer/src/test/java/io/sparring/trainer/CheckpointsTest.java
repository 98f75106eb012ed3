package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sparring.learning.Tensors;
import io.sparring.pipeline.SetAside;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.UpdateIdentity;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class CheckpointsTest {

    private final RecordLog<String, Checkpoint> log = new RecordLog<>("tiny.checkpoints", 1, 16);
    private final Checkpoints checkpoints = new Checkpoints(() -> log.again(), "tiny", SetAside.LOGGED,
            () -> false);

    @Test
    void theNewestIsFoundAndEachByItsIdentity() {
        assertThat(checkpoints.newest()).isEmpty();
        append(state(0, 4), chunk -> chunk);
        append(state(0, 8), chunk -> chunk);
        append(state(1, 4), chunk -> chunk);
        assertThat(checkpoints.newest()).contains(state(1, 4));
        assertThat(checkpoints.of(new UpdateIdentity(0, 4))).contains(state(0, 4));
        assertThat(checkpoints.of(new UpdateIdentity(0, 8))).contains(state(0, 8));
        assertThat(checkpoints.of(new UpdateIdentity(1, 8))).isEmpty();
    }

    @Test
    void theOldestIsTheFirstWholeOneThatIsKept() {
        assertThat(checkpoints.oldest()).isEmpty();
        append(state(0, 4), chunk -> Checkpoint.newBuilder(chunk).setSha256("00").build());
        log.append(0, "0/6", Received.unreadable(new byte[1], "damaged"));
        append(state(0, 8), chunk -> chunk);
        append(state(1, 4), chunk -> chunk);
        assertThat(checkpoints.oldest()).contains(state(0, 8));
    }

    @Test
    void whatIsDamagedIsPassedOverForTheOneBefore() {
        append(state(0, 4), chunk -> chunk);
        append(state(0, 8), chunk -> Checkpoint.newBuilder(chunk).setSha256("00").build());
        assertThat(checkpoints.newest()).contains(state(0, 4));
    }

    /** Its digest is right: whoever wrote it wrote no weights. */
    @Test
    void soIsWhatHoldsNoWeights() {
        append(state(0, 4), chunk -> chunk);
        byte[] bytes = {1, 2, 3};
        append(state(0, 8), chunk -> Checkpoint.newBuilder(chunk).setBytes(ByteBuffer.wrap(bytes)).setChunks(1)
                .setSha256(Sha256.of(bytes)).build());
        assertThat(checkpoints.newest()).contains(state(0, 4));
    }

    @Test
    void aLaterFormatIsRefusedWithTheReleaseThatWroteIt() {
        append(state(0, 4), chunk -> chunk);
        append(state(0, 8), chunk -> Checkpoint.newBuilder(chunk).setFormat(7).setRelease("9.1").build());
        assertThatIllegalStateException().isThrownBy(checkpoints::newest)
                .withMessage("checkpoint 0/8 was written by release 9.1 of Sparring in format 7; this release reads formats up to 1");
    }

    @Test
    void soIsALaterSchema() {
        append(state(0, 4), chunk -> chunk);
        log.append(0, "0/8", Received.ofOtherRelease(new byte[10], "no such schema"));
        assertThatIllegalStateException().isThrownBy(checkpoints::newest)
                .withMessageStartingWith("checkpoint 0/8 was written by another release of Sparring");
        append(state(0, 12), chunk -> chunk);
        assertThat(checkpoints.newest()).as("a later one is readable").contains(state(0, 12));
    }

    @Test
    void aCopyOfAnOlderOneAndWhatOthersWroteHideNothing() {
        append(state(0, 4), chunk -> chunk);
        append(state(0, 8), chunk -> chunk);
        append(state(0, 4), chunk -> chunk);
        append(state(0, 8), chunk -> Checkpoint.newBuilder(chunk).setStep(12).build());
        append(state(0, 8), chunk -> Checkpoint.newBuilder(chunk).setIncarnation(-1).build());
        append(state(0, 8), chunk -> Checkpoint.newBuilder(chunk).setChunks(Integer.MAX_VALUE).build());
        append(state(0, 8), chunk -> Checkpoint.newBuilder(chunk).setChunk(-7).build());
        log.append(0, "0/12", Received.unreadable(new byte[1], "damaged"));
        log.append(0, null, null);
        assertThat(checkpoints.newest()).contains(state(0, 8));
        assertThat(checkpoints.of(new UpdateIdentity(0, 4))).contains(state(0, 4));
    }

    private void append(SavedState state, UnaryOperator<Checkpoint> change) {
        state.records("tiny", Instant.EPOCH).forEach(record -> log.append(0, record.key(), Received.readable(
                change.apply(SavedState.FORMAT.decode(ByteBuffer.wrap(record.value()))))));
    }

    private static SavedState state(int incarnation, long step) {
        Tensors weights = Tensors.builder().put("kernel", new int[] {2}, new float[] {incarnation, step}).build();
        return new SavedState(new UpdateIdentity(incarnation, step), new Position(step, List.of(), List.of(0L), List.of(0L)),
                "sha", weights, Tensors.builder().build(), Tensors.builder().build());
    }
}

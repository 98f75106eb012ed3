package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.learning.ModelProgram;
import io.sparring.learning.PixelPerturbation;
import io.sparring.learning.Tensors;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.Chunks;
import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import io.sparring.schemas.UpdateIdentity;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class SavedStateTest {

    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);
    private static final SavedState FIRST = state(4);
    private static final SavedState SECOND = state(8);

    private final Function<ConsumerRecord<String, Received<Checkpoint>>, Optional<SavedState>> assembler = SavedState.assembler();

    @Test
    void isTheSameAgainOnceAllItsRecordsHaveBeenRead() {
        List<Checkpoint> chunks = chunks(FIRST);
        assertThat(chunks).as("large enough to be cut").hasSizeGreaterThan(2);
        for (Checkpoint chunk : chunks.subList(0, chunks.size() - 1)) {
            assertThat(read(chunk)).isEmpty();
        }
        assertThat(read(chunks.get(chunks.size() - 1))).hasValue(FIRST);
    }

    @Test
    void anOptimizerThatHasNothingYetHasNothingAgain() {
        SavedState fresh = new SavedState(FIRST.identity(), FIRST.position(), FIRST.programSha256(), FIRST.weights(),
                Tensors.builder().build(), Tensors.builder().build());
        assertThat(newest(chunks(fresh))).isEqualTo(fresh);
    }

    @Test
    void aProgramHoldsItAgainBitForBitAverageAndAll() {
        RunSpecification run = TinyRun.with(Map.of("objective.name", "rpat++"));
        try (ModelProgram program = ModelProgram.load(TinyRun.program(run), TinyRun.EXECUTION)) {
            SavedState initial = SavedState.initial(FIRST.position(), FIRST.programSha256(), TinyRun.initialWeights());
            initial.assignTo(program);
            assertThat(program.averaged()).isEqualTo(program.weights()).isEqualTo(TinyRun.initialWeights());
            float[] images = PixelPerturbation.images(TinyRun.clean(1).getPixels().array());
            program.train(images, images, new int[TinyRun.IMAGES], 0.1f, 1);
            SavedState state = SavedState.of(FIRST.identity(), FIRST.position(), FIRST.programSha256(), program);
            assertThat(state.averaged()).isNotEqualTo(state.weights());
            program.train(images, images, new int[TinyRun.IMAGES], 0.1f, 1);

            SavedState read = newest(chunks(state));
            read.assignTo(program);
            assertThat(SavedState.of(FIRST.identity(), FIRST.position(), FIRST.programSha256(), program)).isEqualTo(state);
        }
    }

    @Test
    void itsRecordsFitTheTopicAndItsOrder() {
        List<ProducerRecord<String, byte[]>> records = FIRST.records("tiny", NOW);
        assertThat(records).allSatisfy(record -> {
            assertThat(record.topic()).isEqualTo("tiny.checkpoints");
            assertThat(record.partition()).isZero();
            assertThat(record.key()).isEqualTo("1/4");
            assertThat(record.value().length).isLessThan(Chunks.LARGEST + 1000);
        });
        assertThat(chunks(FIRST)).extracting(Checkpoint::getChunk).containsExactly(0, 1, 2, 3);
        assertThat(chunks(FIRST)).extracting(Checkpoint::getCreatedAt).containsOnly(NOW);
    }

    @Test
    void passesOverATornOneForTheOneBefore() {
        for (int missing = 0; missing < chunks(SECOND).size(); missing++) {
            List<Checkpoint> torn = new ArrayList<>(chunks(SECOND));
            torn.remove(missing);
            assertThat(newest(chunks(FIRST), torn)).as("without chunk %d", missing).isEqualTo(FIRST);
            assertThat(newest(torn, chunks(FIRST))).as("without chunk %d, and one behind", missing).isEqualTo(FIRST);
        }
    }

    @Test
    void passesOverADamagedOneForTheOneBefore() {
        for (int damaged = 0; damaged < chunks(SECOND).size(); damaged++) {
            List<Checkpoint> chunks = new ArrayList<>(chunks(SECOND));
            byte[] bytes = new byte[chunks.get(damaged).getBytes().remaining()];
            chunks.get(damaged).getBytes().duplicate().get(bytes);
            bytes[bytes.length / 2] ^= 1;
            chunks.set(damaged, Checkpoint.newBuilder(chunks.get(damaged)).setBytes(ByteBuffer.wrap(bytes)).build());
            assertThat(newest(chunks(FIRST), chunks)).as("chunk %d", damaged).isEqualTo(FIRST);
        }
    }

    @Test
    void anUnreadableRecordInItsMidstIsPassedOver() {
        chunks(FIRST).subList(0, 2).forEach(this::read);
        assertThat(assembler.apply(record("1/4", Received.unreadable(new byte[3], "damaged")))).isEmpty();
        assertThat(assembler.apply(record("1/4", null))).isEmpty();
        assertThat(chunks(FIRST).subList(2, 4).stream().map(this::read).toList()).last().isEqualTo(Optional.of(FIRST));
    }

    @Test
    void theNewestWholeOneIsTheLast() {
        assertThat(newest(chunks(FIRST), chunks(SECOND))).isEqualTo(SECOND);
    }

    private static SavedState state(long step) {
        Random random = new Random(step);
        Tensors weights = Tensors.builder().put("conv1/kernel", new int[] {3, 3, 1, 2}, floats(random, 18))
                .put("hidden/kernel", new int[] {500, 400}, floats(random, 200_000)).build();
        Tensors optimizer = Tensors.builder().put("conv1/kernel/momentum", new int[] {3, 3, 1, 2}, floats(random, 18))
                .put("hidden/kernel/momentum", new int[] {500, 400}, floats(random, 200_000)).build();
        return new SavedState(new UpdateIdentity(1, step),
                new Position(step + 3, List.of(), List.of(step, step + 1), List.of(step + 2, step)), "ab".repeat(32), weights,
                optimizer, Tensors.builder().put("conv1/kernel", new int[] {3, 3, 1, 2}, floats(random, 18)).build());
    }

    private static float[] floats(Random random, int count) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = random.nextFloat();
        }
        return floats;
    }

    private static List<Checkpoint> chunks(SavedState state) {
        return state.records("tiny", NOW).stream()
                .map(record -> SavedState.FORMAT.decode(ByteBuffer.wrap(record.value()))).toList();
    }

    private Optional<SavedState> read(Checkpoint chunk) {
        String key = new UpdateIdentity(chunk.getIncarnation(), chunk.getStep()).key();
        return assembler.apply(record(key, Received.readable(chunk)));
    }

    @SafeVarargs
    private SavedState newest(List<Checkpoint>... checkpoints) {
        SavedState newest = null;
        for (List<Checkpoint> chunks : checkpoints) {
            for (Checkpoint chunk : chunks) {
                newest = read(chunk).orElse(newest);
            }
        }
        return newest;
    }

    private static ConsumerRecord<String, Received<Checkpoint>> record(String key, Received<Checkpoint> value) {
        return new ConsumerRecord<>("tiny.checkpoints", 0, 0, key, value);
    }
}

package io.sparring.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WireFormatTest {

    private final WireFormat<ImageBatch> format = WireFormat.of(ImageBatch.class);

    @Test
    void imageBatchGoesRound() {
        ImageBatch batch = batch(new Random(1), 128, 32, 3);
        assertThat(format.decode(ByteBuffer.wrap(format.encode(batch)))).isEqualTo(batch);
    }

    @Test
    void bothResultsOfAnAdversarialBatchGoRound() {
        WireFormat<AdversarialBatch> adversarial = WireFormat.of(AdversarialBatch.class);
        byte[] perturbation = {-25, 0, 25, 127, -128};
        Crafted crafted = new Crafted(1, 40L, "training", 0.1f, 0.02f, 25, -7L, ByteBuffer.wrap(perturbation), "00", 0.5f, 1f,
                2f, PerturbationNorm.LINF, null, "linux-amd64");
        for (Object result : List.of(crafted, new Refused("labels: 12 is not in [0, 10)"))) {
            AdversarialBatch batch = new AdversarialBatch(9L, "attacker-1", result, Instant.ofEpochMilli(5));
            assertThat(adversarial.decode(ByteBuffer.wrap(adversarial.encode(batch)))).isEqualTo(batch);
        }
    }

    @Test
    void decodesInPlaceAndLeavesThePositionAlone() {
        byte[] encoded = format.encode(batch(new Random(2), 2, 4, 1));
        ByteBuffer inside = ByteBuffer.allocate(encoded.length + 7);
        inside.position(3).put(encoded).flip().position(3);
        assertThat(format.decode(inside).getBatchNumber()).isEqualTo(3);
        assertThat(inside.position()).isEqualTo(3);
    }

    @Test
    void whatIsNoRecordIsReceivedWithItsReason() {
        byte[] garbage = {1, 2, 3};
        Received<ImageBatch> received = format.receiver().deserialize("topic", garbage);
        assertThat(received.isReadable()).isFalse();
        assertThat(received.raw()).isEqualTo(garbage);
        assertThat(received.failure()).startsWith("not a readable record");
    }

    @Test
    void noTruncationOrMutationEscapesAsAnotherException() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            byte[] encoded = format.encode(batch(random, 2, 3, 1));
            byte[] damaged = java.util.Arrays.copyOf(encoded, random.nextInt(encoded.length));
            for (int flips = random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            assertThat(format.receiver().deserialize("topic", damaged)).as("seed %d", seed).isNotNull();
        }
    }

    @Test
    void anotherKindOfRecordIsRefused() {
        byte[] other = WireFormat.of(RunRecord.class).encode(new RunRecord(new ProgramChunk("", 0, 1, ByteBuffer.allocate(1))));
        assertThatThrownBy(() -> format.decode(ByteBuffer.wrap(other))).isInstanceOf(IllegalArgumentException.class);
    }

    static ImageBatch batch(Random random, int images, int size, int channels) {
        byte[] pixels = new byte[images * size * size * channels];
        random.nextBytes(pixels);
        List<Integer> labels = IntStream.range(0, images).map(i -> random.nextInt(10)).boxed().toList();
        return new ImageBatch(3L, Split.TRAINING, 0L, size, size, channels, 10, labels, ByteBuffer.wrap(pixels),
                Sha256.of(ByteBuffer.wrap(pixels), labels), Instant.ofEpochMilli(1_000), null, null);
    }
}

package io.sparring.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireCodingTest {

    private static final int BOUND = 8;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 14, 15, 16, 3072})
    void givesBackWhatItPacked(int length) {
        byte[] values = values(length);
        RadixCoding radix = new RadixCoding(BOUND);
        assertThat(radix.decode(radix.encode(values), length)).isEqualTo(values);
        KafkaCoding zstd = new KafkaCoding("zstd", Compression.zstd().build());
        assertThat(zstd.decode(zstd.encode(values), length)).isEqualTo(values);
    }

    @Test
    void fifteenDigitsOfBase17TakeEightBytes() {
        assertThat(new RadixCoding(BOUND).encode(values(3000))).hasSize(3000 / 15 * 8);
    }

    @Test
    void entropyIsTheLogarithmOfEquallyLikelyValues() {
        byte[] values = new byte[1600];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (i % 16 - 8);
        }
        assertThat(Entropy.bits(values)).isCloseTo(4, within(1e-9));
        assertThat(Entropy.bits(values, place -> place % 16)).isCloseTo(0, within(1e-9));
    }

    @Test
    void brainFloatsRoundToTheNearest() {
        float[] values = {1f, -1f, 1.00390625f, 1.01171875f, 3.14159f};
        assertThat(BrainFloats.nearest(values[0])).isEqualTo(1f);
        assertThat(BrainFloats.nearest(values[2])).as("half way, to even").isEqualTo(1f);
        assertThat(BrainFloats.nearest(values[3])).as("half way, to even").isEqualTo(1.015625f);
        assertThat(BrainFloats.nearest(values[4])).isEqualTo(3.140625f);
        assertThat(BrainFloats.bfloat16(values)).hasSize(2 * values.length);
        assertThat(BrainFloats.float32(values)).hasSize(4 * values.length);
    }

    private static byte[] values(int length) {
        Random random = new Random(7);
        byte[] values = new byte[length];
        for (int i = 0; i < length; i++) {
            values[i] = (byte) (random.nextInt(2 * BOUND + 1) - BOUND);
        }
        return values;
    }
}

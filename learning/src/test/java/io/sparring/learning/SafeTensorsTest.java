package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTensorsTest {

    private static final Tensors TENSORS = Tensors.builder()
            .put("conv/kernel", new int[] {1, 2}, new float[] {1.5f, -0f})
            .put("bias", new int[] {1}, new float[] {Float.MIN_VALUE})
            .put("scalar", new int[0], new float[] {3})
            .put("empty", new int[] {0, 4}, new float[0])
            .build();

    @Test
    void readsWhatItWrote() {
        byte[] bytes = SafeTensors.encode(TENSORS, Map.of("step", "7", "name", "ä \"quoted\""));
        assertThat(SafeTensors.decode(bytes)).isEqualTo(TENSORS);
        assertThat(SafeTensors.metadata(bytes)).isEqualTo(Map.of("step", "7", "name", "ä \"quoted\""));
        assertThat(SafeTensors.metadata(SafeTensors.encode(TENSORS, Map.of()))).isEmpty();
    }

    @Test
    void writesTheFormat() {
        byte[] bytes = SafeTensors.encode(
                Tensors.builder().put("a", new int[] {2}, new float[] {1, 2}).build(), Map.of("k", "v"));
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) buffer.getLong();
        assertThat(length % 8).isZero();
        assertThat(new String(bytes, 8, length, StandardCharsets.UTF_8).stripTrailing()).isEqualTo(
                "{\"__metadata__\":{\"k\":\"v\"},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}");
        assertThat(buffer.getFloat(8 + length)).isEqualTo(1);
        assertThat(buffer.getFloat(12 + length)).isEqualTo(2);
        assertThat(bytes).hasSize(16 + length);
    }

    @Test
    void ordersTensorsByWhereTheirValuesLie() {
        byte[] bytes = file("{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 8);
        assertThat(SafeTensors.decode(bytes).names()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "[]",
        "{\"a\":1}",
        "{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "no json"})
    void refusesABadHeader(String header) {
        byte[] bytes = file(header, 8);
        assertThatIllegalArgumentException().isThrownBy(() -> SafeTensors.decode(bytes));
    }

    @Test
    void refusesMetadataThatIsNoString() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SafeTensors.metadata(file("{\"__metadata__\":{\"step\":7}}", 0)))
                .withMessage("safetensors: metadata 'step' is not a string");
    }

    /** Whatever the bytes, there is an answer or one kind of error. */
    @Test
    void neverFailsOtherwise() {
        byte[] good = SafeTensors.encode(TENSORS, Map.of("k", "v"));
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
            for (int i = 0; i < 3 && bytes.length > 0; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                SafeTensors.decode(bytes);
            } catch (IllegalArgumentException expected) {
                assertThat(expected.getMessage()).as("seed " + seed).isNotBlank();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static byte[] file(String header, int valueBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + valueBytes).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length).put(json).array();
    }
}

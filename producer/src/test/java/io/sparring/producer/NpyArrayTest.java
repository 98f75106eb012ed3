package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyArrayTest {

    private static final int SEEDS = 20_000;

    /** Byte for byte what NumPy 2.4.6 writes of {@code numpy.arange(12, dtype=numpy.uint8).reshape(2, 2, 3, 1)}. */
    @Test
    void readsWhatNumpySaves() {
        byte[] content = file("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2, 3, 1), }", 118, bytes(12));
        assertThat(content).hasSize(140);
        assertThat(NpyArray.isNpy(content)).isTrue();

        NpyArray array = NpyArray.of("images", content);

        assertThat(array.shape()).containsExactly(2, 2, 3, 1);
        assertThat(array.isBytes()).isTrue();
        assertThat(array.values()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    }

    @ParameterizedTest
    @CsvSource({"|u1, 255", "|i1, -1", "<u2, 65279", "<i2, -257", ">i2, -2", ">u4, 4294967294", "<i4, -16777217"})
    void readsIntegersOfAnyKind(String type, long last) {
        int size = type.charAt(2) - '0';
        byte[] data = new byte[2 * size];
        Arrays.fill(data, size, data.length, (byte) 0xff);
        if (size > 1) {
            data[data.length - 1] = (byte) 0xfe;
        }
        NpyArray labels = NpyArray.of("labels", file("{'descr': '" + type + "', 'fortran_order': False, 'shape': (2,), }", 118,
                data));
        assertThat(labels.values()).containsExactly(0, last);
        assertThat(labels.isBytes()).isEqualTo(type.equals("|u1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "{'descr': '|u1', 'fortran_order': True, 'shape': (12,), }; images: fortran_order: True; allowed: False",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }; images: dtype <f4",
        "{'descr': '|O', 'fortran_order': False, 'shape': (3,), }; images: dtype |O",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (13,), }; images: 12 bytes of data",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (999999999, 999999999, 999999999), }; images: 12 bytes of data",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (65536, 65536, 65536, 65536), }; images: 12 bytes of data",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (-12,), }; images: an NPY header",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (9999999999,), }; images: an NPY shape",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 1, 12), }; images: 9 dimensions",
        "{'descr': '|u1', 'shape': (12,), }; images: an NPY header",
        "{'descr': [('a', '|u1')], 'fortran_order': False, 'shape': (12,), }; images: an NPY header",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (12,), 'more': False}; images: an NPY header",
        "['descr']; images: an NPY header"})
    void refusesOthersByName(String header, String problem) {
        assertThatIllegalArgumentException().isThrownBy(() -> NpyArray.of("images", file(header, 118, bytes(12))))
                .withMessageStartingWith(problem).withMessageContaining("; allowed: ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 9, 11, 12, 60, 127})
    void refusesFilesThatEndTooSoon(int length) {
        byte[] whole = file("{'descr': '|u1', 'fortran_order': False, 'shape': (12,), }", 118, bytes(12));
        assertThatIllegalArgumentException().isThrownBy(() -> NpyArray.of("images", Arrays.copyOf(whole, length)));
    }

    @Test
    void readsTheLaterVersionsAndRefusesThoseToCome() {
        byte[] header = "{'shape': (2,), 'fortran_order': False, 'descr': '|u1'}\n".getBytes(StandardCharsets.UTF_8);
        for (byte version : new byte[] {2, 3, 4}) {
            byte[] content = ByteBuffer.allocate(12 + header.length + 2).put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y',
                    version, 0})
                    .put(new byte[] {(byte) header.length, 0, 0, 0}).put(header).put(bytes(2)).array();
            if (version == 4) {
                assertThatIllegalArgumentException().isThrownBy(() -> NpyArray.of("images", content))
                        .withMessage("images: NPY version 4.0; allowed: 1.0, 2.0 or 3.0");
            } else {
                assertThat(NpyArray.of("images", content).values()).containsExactly(0, 1);
            }
        }
    }

    /** Whatever is damaged, it is read, with as many items as its shape says, or refused by one kind of exception. */
    @Test
    void neverFailsInAnotherWay() {
        byte[] sound = file("{'descr': '<i4', 'fortran_order': False, 'shape': (1, 3), }", 118, bytes(12));
        int refused = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            byte[] content = random.nextInt(4) == 0 ? Arrays.copyOf(sound, random.nextInt(sound.length)) : sound.clone();
            for (int i = random.nextInt(4); i >= 0 && content.length > 0; i--) {
                int at = random.nextBoolean() ? random.nextInt(content.length) : random.nextInt(Math.min(70, content.length));
                content[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : "'(),0123456789u<".charAt(random.nextInt(16)));
            }
            try {
                NpyArray array = NpyArray.of("images", content);
                assertThat(array.values()).as("seed %d", seed)
                        .hasSize(Arrays.stream(array.shape()).reduce(1, Math::multiplyExact));
            } catch (IllegalArgumentException e) {
                assertThat(e).as("seed %d", seed).isExactlyInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("allowed: ");
                refused++;
            }
        }
        assertThat(refused).isBetween(SEEDS / 4, SEEDS - 100);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    /** A file of version 1.0. @param length of the header, padded with blanks as NumPy does */
    static byte[] file(String header, int length, byte[] data) {
        byte[] padded = (header + " ".repeat(Math.max(0, length - 1 - header.length())) + "\n").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(10 + padded.length + data.length).put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .put(new byte[] {(byte) padded.length, (byte) (padded.length >> 8)}).put(padded).put(data).array();
    }

    /** A file of unsigned bytes. */
    static byte[] images(byte[] pixels, int... shape) {
        String lengths = Arrays.toString(shape).replace("[", "(").replace("]", shape.length == 1 ? ",)" : ")");
        return file("{'descr': '|u1', 'fortran_order': False, 'shape': " + lengths + ", }", 118, pixels);
    }
}

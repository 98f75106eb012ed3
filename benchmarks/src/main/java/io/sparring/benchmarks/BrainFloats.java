package io.sparring.benchmarks;

import java.nio.ByteBuffer;

/** Weights as bytes: float32, or bfloat16, its upper half rounded to the nearest, ties to even. */
final class BrainFloats {

    private BrainFloats() {
    }

    static byte[] float32(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    static byte[] bfloat16(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Short.BYTES * values.length);
        for (float value : values) {
            bytes.putShort((short) (rounded(value) >>> 16));
        }
        return bytes.array();
    }

    /** The value that bfloat16 has in its stead. */
    static float nearest(float value) {
        return Float.intBitsToFloat(rounded(value) & 0xFFFF0000);
    }

    private static int rounded(float value) {
        int bits = Float.floatToIntBits(value);
        return bits + 0x7FFF + (bits >>> 16 & 1);
    }
}

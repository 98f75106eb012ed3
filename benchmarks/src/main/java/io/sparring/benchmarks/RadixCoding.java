package io.sparring.benchmarks;

import java.nio.ByteBuffer;

/**
 * Signed integers within a bound, packed: as many digits of base 2 bound + 1 as fit into 63 bits are one number. For a bound of
 * 8, base 17, that is 15 in 8 bytes: 4.27 bits a value, where the logarithm says 4.09.
 */
record RadixCoding(int bound) implements ByteCoding {

    @Override
    public String name() {
        return "base " + base();
    }

    @Override
    public byte[] encode(byte[] bytes) {
        int digits = digits();
        ByteBuffer packed = ByteBuffer.allocate(Long.BYTES * ((bytes.length + digits - 1) / digits));
        for (int from = 0; from < bytes.length; from += digits) {
            long number = 0;
            for (int i = Math.min(from + digits, bytes.length) - 1; i >= from; i--) {
                number = number * base() + bytes[i] + bound;
            }
            packed.putLong(number);
        }
        return packed.array();
    }

    @Override
    public byte[] decode(byte[] coded, int length) {
        int digits = digits();
        ByteBuffer packed = ByteBuffer.wrap(coded);
        byte[] bytes = new byte[length];
        for (int from = 0; from < length; from += digits) {
            long number = packed.getLong();
            for (int i = from; i < Math.min(from + digits, length); i++) {
                bytes[i] = (byte) (number % base() - bound);
                number /= base();
            }
        }
        return bytes;
    }

    private int base() {
        return 2 * bound + 1;
    }

    private int digits() {
        int digits = 0;
        for (long rest = Long.MAX_VALUE; rest >= base(); rest /= base()) {
            digits++;
        }
        return digits;
    }
}

package io.sparring.benchmarks;

/** A way to write bytes in fewer. */
interface ByteCoding {

    String name();

    byte[] encode(byte[] bytes);

    /** @param length how many bytes had been encoded */
    byte[] decode(byte[] coded, int length);
}

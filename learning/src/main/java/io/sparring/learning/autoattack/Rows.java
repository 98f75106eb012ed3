package io.sparring.learning.autoattack;

/** Takes images out of an array of many, and puts them back. */
final class Rows {

    private Rows() {
    }

    static float[] of(float[] values, int size, int... rows) {
        float[] taken = new float[rows.length * size];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(values, rows[i] * size, taken, i * size, size);
        }
        return taken;
    }

    static void copy(float[] from, int row, float[] to, int toRow, int size) {
        System.arraycopy(from, row * size, to, toRow * size, size);
    }
}

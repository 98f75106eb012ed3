package io.sparring.pipeline;

import java.util.Collection;

/** Checks of configured values. Each failure names the key, the value and what is allowed. */
public final class Setting {

    private Setting() {
    }

    /** @throws IllegalArgumentException unless {@code value >= least} and finite */
    public static void atLeast(String key, double value, double least) {
        require(value >= least && value < Double.POSITIVE_INFINITY, key, number(value), "at least " + number(least));
    }

    /** @throws IllegalArgumentException unless {@code least <= value <= most} */
    public static void between(String key, double value, double least, double most) {
        require(value >= least && value <= most, key, number(value), "from " + number(least) + " to " + number(most));
    }

    /** @throws IllegalArgumentException unless {@code value} is one of {@code allowed} */
    public static void oneOf(String key, String value, Collection<String> allowed) {
        require(allowed.contains(value), key, value, String.join(", ", allowed));
    }

    /** @throws IllegalArgumentException if the condition does not hold */
    public static void require(boolean holds, String key, Object value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(key + ": '" + value + "' is not allowed; allowed: " + allowed);
        }
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        // a float is shown as it was written, not with the digits that making it a double adds
        return value == (float) value ? Float.toString((float) value) : Double.toString(value);
    }
}

package io.sparring.learning;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Named tensors of 32-bit floats, in an order: a network's weights, or an optimizer's. Immutable; two are equal when names,
 * order, shapes and every bit of the values are.
 */
public final class Tensors {

    private final Map<String, Entry> entries;

    private Tensors(Map<String, Entry> entries) {
        this.entries = entries;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Zeros of those shapes. */
    static Tensors zeros(Map<String, int[]> shapes) {
        Builder zeros = builder();
        shapes.forEach((name, shape) ->
                zeros.put(name, shape, new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)]));
        return zeros.build();
    }

    /** The names, in order. */
    public List<String> names() {
        return List.copyOf(entries.keySet());
    }

    /**
     * A copy of a tensor's shape.
     *
     * @throws IllegalArgumentException when there is no such tensor
     */
    public int[] shape(String name) {
        return entry(name).shape.clone();
    }

    /**
     * A copy of a tensor's values, in row-major order.
     *
     * @throws IllegalArgumentException when there is no such tensor
     */
    public float[] values(String name) {
        return entry(name).values.clone();
    }

    /** The values themselves, for readers within this package. */
    float[] sharedValues(String name) {
        return entry(name).values;
    }

    /** How many values there are in all. */
    public long count() {
        return entries.values().stream().mapToLong(entry -> entry.values.length).sum();
    }

    /** Whether no value is infinite or not a number. */
    public boolean allFinite() {
        for (Entry entry : entries.values()) {
            for (float value : entry.values) {
                if (!Float.isFinite(value)) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Refuses tensors of other names or shapes than those of {@code expected}.
     *
     * @throws IllegalArgumentException that begins with {@code what} and names the tensor
     */
    public void requireLike(String what, Tensors expected) {
        Map<String, int[]> shapes = new TreeMap<>();
        expected.names().forEach(name -> shapes.put(name, expected.shape(name)));
        requireFitting(what, shapes);
    }

    /** @throws IllegalArgumentException unless these are just the expected tensors, by name, with the expected shapes */
    void requireFitting(String what, Map<String, int[]> expected) {
        if (!expected.keySet().equals(entries.keySet())) {
            throw new IllegalArgumentException(what + ": " + new TreeSet<>(entries.keySet()) + " are given, expected are "
                    + new TreeSet<>(expected.keySet()));
        }
        expected.forEach((name, shape) -> {
            if (!Arrays.equals(shape, entry(name).shape)) {
                throw new IllegalArgumentException(what + ": " + name + " has the shape "
                        + Arrays.toString(entry(name).shape) + ", expected is " + Arrays.toString(shape));
            }
        });
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("no tensor '" + name + "'; there are: " + String.join(", ", names()));
        }
        return entry;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tensors that
                && names().equals(that.names())
                && entries.entrySet().stream().allMatch(mine -> mine.getValue().same(that.entries.get(mine.getKey())));
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            hash = 31 * (31 * hash + entry.getKey().hashCode()) + Arrays.hashCode(entry.getValue().values);
        }
        return hash;
    }

    /** Names and shapes; the values are too many. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Tensors[");
        entries.forEach((name, entry) -> text.append(text.length() > 8 ? ", " : "").append(name)
                .append(Arrays.toString(entry.shape)));
        return text.append(']').toString();
    }

    private record Entry(int[] shape, float[] values) {

        boolean same(Entry other) {
            // Arrays.equals compares floats by their bits but for NaN, of which all are one.
            return Arrays.equals(shape, other.shape) && Arrays.equals(values, other.values);
        }
    }

    /** Collects tensors in the order in which they are put. */
    public static final class Builder {

        private final Map<String, Entry> entries = new LinkedHashMap<>();

        private Builder() {
        }

        /**
         * Adds a tensor; both arrays are copied.
         *
         * @param shape a scalar's is empty
         * @throws IllegalArgumentException when the name is taken or the shape does not fit the values
         */
        public Builder put(String name, int[] shape, float[] values) {
            long size = 1;
            for (int dimension : shape) {
                if (dimension < 0) {
                    throw new IllegalArgumentException(name + ": negative dimension in " + Arrays.toString(shape));
                }
                size = Math.multiplyExact(size, dimension);
            }
            if (size != values.length) {
                throw new IllegalArgumentException(name + ": shape " + Arrays.toString(shape) + " has " + size
                        + " values, " + values.length + " are given");
            }
            if (entries.putIfAbsent(name, new Entry(shape.clone(), values.clone())) != null) {
                throw new IllegalArgumentException(name + ": given twice");
            }
            return this;
        }

        public Tensors build() {
            return new Tensors(new LinkedHashMap<>(entries));
        }
    }
}

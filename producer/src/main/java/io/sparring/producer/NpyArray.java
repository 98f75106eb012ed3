package io.sparring.producer;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An array as {@code numpy.save} writes it (NEP 1, "A Simple File Format for NumPy Arrays", versions 1 to 3), in C order. DJL
 * reads such files too, but into its own engine's memory, and the producer has none.
 *
 * @param type NumPy's type string, such as {@code |u1} or {@code <i8}
 * @param shape lengths of the dimensions, each at least 0
 * @param data the items, first dimension slowest; as many bytes as type and shape say; shared, not copied
 */
record NpyArray(String type, int[] shape, ByteBuffer data) {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern ENTRY =
            Pattern.compile("\\s*'(\\w+)'\\s*:\\s*(?:'([^']*)'|(True|False)|\\(([0-9, ]*)\\))\\s*(,|$)");
    private static final Pattern TYPE = Pattern.compile("[<>|=]?[biu]([1248])");
    private static final Pattern SHAPE = Pattern.compile("|[0-9]{1,9}(, ?[0-9]{1,9})*,?");
    private static final int LONGEST_HEADER = 4096;
    private static final int MOST_DIMENSIONS = 8;

    /** Whether the bytes begin as such a file does. */
    static boolean isNpy(byte[] content) {
        return content.length >= MAGIC.length && Arrays.equals(content, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /**
     * Reads a whole file.
     *
     * @param name what errors call it
     * @throws IllegalArgumentException if it is none, or its items are no integers; says what is wrong with it
     */
    static NpyArray of(String name, byte[] content) {
        require(isNpy(content) && content.length >= 12, name, "not an NPY file", "what numpy.save writes");
        int version = content[6];
        require(version >= 1 && version <= 3 && content[7] == 0, name, "NPY version " + version + "." + content[7],
                "1.0, 2.0 or 3.0");
        ByteBuffer file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int start = version == 1 ? 10 : 12;
        long length = version == 1 ? Short.toUnsignedInt(file.getShort(8)) : Integer.toUnsignedLong(file.getInt(8));
        require(length <= LONGEST_HEADER && start + length <= content.length, name, "an NPY header of " + length + " bytes",
                "one that is in the file, of at most " + LONGEST_HEADER);
        String header = new String(content, start, (int) length, StandardCharsets.UTF_8).strip();
        Map<String, String> entries = entries(name, header);
        require(entries.get("fortran_order").equals("False"), name, "fortran_order: True",
                "False, as numpy.ascontiguousarray makes it");
        String type = entries.get("descr");
        Matcher known = TYPE.matcher(type);
        require(known.matches(), name, "dtype " + shortened(type), "integers, such as numpy.uint8");
        int[] shape = shape(name, entries.get("shape"));
        ByteBuffer data = file.position(start + (int) length).slice()
                .order(type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        // exact: dimensions may multiply to anything
        BigInteger wanted = Arrays.stream(shape).mapToObj(BigInteger::valueOf)
                .reduce(BigInteger.valueOf(Integer.parseInt(known.group(1))), BigInteger::multiply);
        require(wanted.equals(BigInteger.valueOf(data.remaining())), name, data.remaining() + " bytes of data",
                wanted + ", for dtype " + type + " and shape " + Arrays.toString(shape));
        return new NpyArray(type, shape, data);
    }

    private static Map<String, String> entries(String name, String header) {
        require(header.startsWith("{") && header.endsWith("}"), name, "an NPY header " + shortened(header), "a dict");
        String inside = header.substring(1, header.length() - 1).strip();
        Map<String, String> entries = new HashMap<>();
        Matcher matcher = ENTRY.matcher(inside);
        int at = 0;
        while (at < inside.length()) {
            matcher.region(at, inside.length());
            require(matcher.lookingAt(), name, "an NPY header " + shortened(header), "a dict of descr, fortran_order and shape");
            String value = matcher.group(2) != null ? matcher.group(2) : matcher.group(3) != null ? matcher.group(3)
                    : matcher.group(4);
            entries.put(matcher.group(1) + kind(matcher), value);
            at = matcher.end();
        }
        require(entries.keySet().equals(Set.of("descr'", "fortran_order", "shape(")), name, "an NPY header " + shortened(header),
                "a dict of descr, fortran_order and shape");
        return Map.of("descr", entries.get("descr'"), "fortran_order", entries.get("fortran_order"), "shape",
                entries.get("shape("));
    }

    /** What the value is written as: one of the wrong kind is under another key. */
    private static String kind(Matcher matcher) {
        return matcher.group(2) != null ? "'" : matcher.group(4) != null ? "(" : "";
    }

    private static int[] shape(String name, String text) {
        String lengths = text.strip();
        require(SHAPE.matcher(lengths).matches(), name, "an NPY shape (" + shortened(lengths) + ")",
                "lengths below 1,000,000,000");
        int[] shape = lengths.isEmpty() ? new int[0]
                : Arrays.stream(lengths.split(",")).map(String::strip).mapToInt(Integer::parseInt).toArray();
        require(shape.length <= MOST_DIMENSIONS, name, shape.length + " dimensions", "at most " + MOST_DIMENSIONS);
        return shape;
    }

    private static void require(boolean holds, String name, String found, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + found + "; allowed: " + allowed);
        }
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + " ...";
    }

    /** Whether its items are unsigned bytes. */
    boolean isBytes() {
        return type.substring(type.length() - 2).equals("u1");
    }

    /** The items; an unsigned one of eight bytes that is above all longs comes out negative. */
    long[] values() {
        int size = type.charAt(type.length() - 1) - '0';
        boolean unsigned = type.charAt(type.length() - 2) == 'u';
        long[] values = new long[data.remaining() / size];
        for (int i = 0; i < values.length; i++) {
            int at = data.position() + i * size;
            values[i] = switch (size) {
                case 1 -> unsigned ? Byte.toUnsignedLong(data.get(at)) : data.get(at);
                case 2 -> unsigned ? Short.toUnsignedLong(data.getShort(at)) : data.getShort(at);
                case 4 -> unsigned ? Integer.toUnsignedLong(data.getInt(at)) : data.getInt(at);
                default -> data.getLong(at);
            };
        }
        return values;
    }
}

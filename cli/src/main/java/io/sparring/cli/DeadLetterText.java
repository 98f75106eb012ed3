package io.sparring.cli;

import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/** A dead letter's record as one reads it: its fields, or the first of its bytes and where they cannot be read. */
final class DeadLetterText {

    private static final int DUMPED = 256;
    private static final int LINE = 16;

    private DeadLetterText() {
    }

    /** The lines that say what a value holds that came from {@code topic} of a run. */
    static List<String> lines(String run, String topic, byte[] value) {
        Optional<RunTopic> known = Arrays.stream(RunTopic.values()).filter(each -> each.of(run).equals(topic)).findFirst();
        Optional<WireFormat<?>> of = known.flatMap(RecordFields::format);
        if (of.isEmpty()) {
            return dump(value);
        }
        WireFormat<?> format = of.get();
        try {
            List<String> lines = new ArrayList<>();
            SpecificRecord record = format.decode(ByteBuffer.wrap(value));
            lines.add(record.getSchema().getName());
            fields(RecordFields.of(record), "  ", lines);
            return lines;
        } catch (IllegalArgumentException e) {
            List<String> lines = new ArrayList<>();
            lines.add(e.getMessage() + "; the first " + format.readable(value) + " bytes can be read");
            lines.addAll(dump(value));
            return lines;
        }
    }

    private static void fields(Map<String, Object> fields, String indent, List<String> lines) {
        fields.forEach((name, value) -> {
            if (value instanceof Map<?, ?> inner) {
                lines.add(indent + name + ":");
                Map<String, Object> named = new LinkedHashMap<>();
                inner.forEach((key, each) -> named.put(String.valueOf(key), each));
                fields(named, indent + "    ", lines);
            } else {
                lines.add(indent + name + ": " + RecordFields.text(value));
            }
        });
    }

    /** Hexadecimal digits, sixteen bytes a line. */
    static List<String> dump(byte[] value) {
        List<String> lines = new ArrayList<>();
        for (int at = 0; at < Math.min(DUMPED, value.length); at += LINE) {
            byte[] line = Arrays.copyOfRange(value, at, Math.min(at + LINE, value.length));
            lines.add(String.format("  %06x  %s", at, HexFormat.ofDelimiter(" ").formatHex(line)));
        }
        if (value.length > DUMPED) {
            lines.add("  and " + (value.length - DUMPED) + " bytes more");
        }
        return lines;
    }
}

package io.sparring.dashboard;

import io.sparring.dashboard.DataTable.Cell;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.apache.avro.Schema.Type;
import org.apache.avro.generic.IndexedRecord;

/**
 * Everything that records of one schema say, as tables: numbers, texts and maps are columns, a list of records is a table of its
 * own. Lists of plain values and single records inside say how far a record has come, and are left out. So a field that a later
 * release adds to the schema has its place without more ado.
 */
final class FieldTables {

    private static final Set<Type> PLAIN = EnumSet.of(Type.INT, Type.LONG, Type.FLOAT, Type.DOUBLE, Type.STRING, Type.BOOLEAN,
            Type.ENUM, Type.MAP);

    private final Schema schema;
    private final List<String> key;
    private final List<? extends IndexedRecord> records;

    /**
     * A list of records inside, and what it says of each record that has one.
     *
     * @param id name of the field
     * @param newest of the first record that has one
     * @param all of all of them
     */
    record Inner(String id, String title, String meaning, DataTable newest, DataTable all, List<Meaning> meanings) {
    }

    /** What a field means, as its schema says. */
    record Meaning(String name, String text) {
    }

    /**
     * @param key names of the fields that say what a record is of; they come first where a record's inner ones have a table
     * @param records all of that schema
     */
    FieldTables(Schema schema, List<String> key, List<? extends IndexedRecord> records) {
        this.schema = schema;
        this.key = key;
        this.records = records;
    }

    /** The fields of the records themselves, but for those that none has. */
    DataTable fields(String caption) {
        return table(caption, List.of(), plain(schema)
                .filter(field -> records.stream().anyMatch(each -> has(each.get(field.pos())))).toList(),
                records.stream().map(each -> new Row(each, each)).toList());
    }

    List<Meaning> meanings() {
        return meanings(schema);
    }

    /** The lists of records inside, but for those that are empty everywhere. */
    List<Inner> inner() {
        List<Inner> inner = new ArrayList<>();
        for (Field field : schema.getFields()) {
            Schema list = value(field.schema());
            if (list.getType() != Type.ARRAY || value(list.getElementType()).getType() != Type.RECORD) {
                continue;
            }
            List<Row> rows = new ArrayList<>();
            int ofFirst = 0;
            for (IndexedRecord each : records) {
                ofFirst = ofFirst == 0 ? rows.size() : ofFirst;
                if (each.get(field.pos()) instanceof Collection<?> many) {
                    many.forEach(one -> rows.add(new Row(each, (IndexedRecord) one)));
                }
            }
            if (!rows.isEmpty()) {
                Schema element = value(list.getElementType());
                String title = title(field.name());
                List<Field> columns = plain(element).toList();
                List<Field> keys = plain(schema).filter(each -> key.contains(each.name())).toList();
                inner.add(new Inner(field.name(), title, text(field.doc()),
                        table(title, keys, columns, rows.subList(0, ofFirst == 0 ? rows.size() : ofFirst)),
                        table(title, keys, columns, rows), meanings(element)));
            }
        }
        return inner;
    }

    /** @param inner a record inside of {@code outer}, or that itself */
    private record Row(IndexedRecord outer, IndexedRecord inner) {
    }

    private static DataTable table(String caption, List<Field> keys, List<Field> columns, List<Row> rows) {
        List<String> heads = new ArrayList<>();
        keys.forEach(field -> heads.add(words(field.name())));
        columns.forEach(field -> heads.add(words(field.name())));
        return new DataTable(caption, heads, rows.stream().map(row -> {
            List<Cell> cells = new ArrayList<>();
            keys.forEach(field -> cells.add(Cell.of(text(field, row.outer().get(field.pos())))));
            columns.forEach(field -> cells.add(Cell.of(text(field, row.inner().get(field.pos())))));
            return cells;
        }).toList());
    }

    private static Stream<Field> plain(Schema schema) {
        return schema.getFields().stream().filter(field -> PLAIN.contains(value(field.schema()).getType()));
    }

    /** What the schema is of where it may be null. */
    private static Schema value(Schema schema) {
        return schema.isUnion() ? schema.getTypes().stream().filter(each -> each.getType() != Type.NULL).findFirst()
                .orElse(schema)
                : schema;
    }

    private static boolean has(Object value) {
        return value != null && !(value instanceof Map<?, ?> map && map.isEmpty()) && !value.toString().isEmpty();
    }

    private static String text(Field field, Object value) {
        if (!has(value)) {
            return Figures.NONE;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, String> sorted = new TreeMap<>();
            map.forEach((name, each) -> sorted.put(Shown.text(name.toString()), Shown.text(String.valueOf(each))));
            return sorted.entrySet().stream().map(each -> each.getKey() + " " + each.getValue())
                    .collect(Collectors.joining(", "));
        }
        if (value instanceof Long time && value(field.schema()).getLogicalType() != null) {
            return Figures.moment(Instant.ofEpochMilli(time));
        }
        return value instanceof Instant at ? Figures.moment(at)
                : value instanceof Float || value instanceof Double ? Figures.number(((Number) value).doubleValue())
                : Shown.text(value.toString());
    }

    private static List<Meaning> meanings(Schema schema) {
        return plain(schema).filter(field -> field.doc() != null)
                .map(field -> new Meaning(words(field.name()), field.doc())).toList();
    }

    private static String text(String doc) {
        return doc == null ? "" : doc;
    }

    /** normalizedLinearity as normalized linearity. */
    private static String words(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    private static String title(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + words(name).substring(1);
    }
}

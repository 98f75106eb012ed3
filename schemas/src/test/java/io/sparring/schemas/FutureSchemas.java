package io.sparring.schemas;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** Schemas as a later release may have them: every record has a field more, every enum with a default a symbol more. */
final class FutureSchemas {

    static final String SYMBOL = "NOT_KNOWN_YET";

    private final Map<String, Schema> made = new HashMap<>();

    private FutureSchemas() {
    }

    static Schema of(Schema schema) {
        return new FutureSchemas().evolve(schema);
    }

    private Schema evolve(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> made.containsKey(schema.getFullName()) ? made.get(schema.getFullName()) : record(schema);
            case ENUM -> made.computeIfAbsent(schema.getFullName(), name -> enumeration(schema));
            case UNION -> Schema.createUnion(schema.getTypes().stream().map(this::evolve).toList());
            case ARRAY -> Schema.createArray(evolve(schema.getElementType()));
            default -> schema;
        };
    }

    private Schema record(Schema schema) {
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field field : schema.getFields()) {
            fields.add(new Schema.Field(field.name(), evolve(field.schema()), field.doc()));
        }
        // in the middle, so that whatever comes after it is misread by whoever takes no notice
        fields.add(fields.size() / 2, new Schema.Field("later", Schema.create(Schema.Type.STRING), "New", "nothing"));
        Schema later = Schema.createRecord(schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields);
        made.put(schema.getFullName(), later);
        return later;
    }

    private static Schema enumeration(Schema schema) {
        List<String> symbols = new ArrayList<>(schema.getEnumSymbols());
        if (schema.getEnumDefault() != null) {
            symbols.add(0, SYMBOL);
        }
        return Schema.createEnum(schema.getName(), schema.getDoc(), schema.getNamespace(), symbols, schema.getEnumDefault());
    }
}

package io.sparring.schemas;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.message.RawMessageDecoder;
import org.apache.avro.specific.SpecificData;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Reads records of schemas that only another release knows, by the schema in their {@link WriterSchemaHeader} or a registry's,
 * with Avro's rules of resolution: fields that this release does not know are passed over, symbols that it does not know become
 * the enum's default. Both come from outside, so a header must be what it says it is, and nothing in it may name a class or make
 * reading take longer than the record is. May be used by several threads.
 *
 * @param <T> the generated class of the record
 */
final class WriterSchemas<T> {

    /** Two bytes of marker, eight of the writer schema's fingerprint. */
    static final int PREFIX = 10;

    /** Several times that of our largest schema. */
    private static final int LARGEST_SCHEMA = 32 * 1024;
    private static final int MOST_SCHEMAS = 32;

    private final SpecificData model;
    private final Schema reader;
    /** By the schema's text, not by its fingerprint: that is easily forged. The least recently used goes first. */
    private final Map<String, RawMessageDecoder<T>> decoders = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RawMessageDecoder<T>> eldest) {
            return size() > MOST_SCHEMAS;
        }
    };

    WriterSchemas(SpecificData model, Schema reader) {
        this.model = model;
        this.reader = reader;
    }

    /** Whether the record says what it was written with. */
    static boolean named(Headers headers) {
        return headers.lastHeader(WriterSchemaHeader.NAME) != null;
    }

    /**
     * The record; the buffer's position is left as it was.
     *
     * @throws IllegalArgumentException if the header is not the record's schema, or that cannot be read as ours, with the reason
     */
    T decode(Headers headers, ByteBuffer bytes) {
        return decode(WriterSchemaHeader.NAME, () -> {
            Header header = headers.lastHeader(WriterSchemaHeader.NAME);
            RawMessageDecoder<T> decoder = decoder(text(header));
            Long fingerprint = WriterSchemaHeader.fingerprint(bytes);
            require(fingerprint != null && fingerprint == SchemaNormalization.fingerprint64(header.value()),
                    "the schema whose fingerprint is the record's");
            return decoder.decode(bytes.slice().position(PREFIX).slice());
        });
    }

    /**
     * The record of which {@code body} is the Avro binary encoding, by the schema in its header.
     *
     * @throws IllegalArgumentException if the header is no schema, or that cannot be read as ours, with the reason
     */
    T decodeBody(Headers headers, ByteBuffer body) {
        return decode(WriterSchemaHeader.NAME, () -> decoder(text(headers.lastHeader(WriterSchemaHeader.NAME))).decode(body));
    }

    /**
     * The same by the schema of a registry, which may have docs, defaults and other properties.
     *
     * @throws IllegalArgumentException if it cannot be read as ours, with the reason
     */
    T decodeBody(String schema, ByteBuffer body) {
        return decode("schema in the registry", () -> {
            require(schema.length() <= LARGEST_SCHEMA, "a schema of up to " + LARGEST_SCHEMA + " characters");
            return decoder(SchemaNormalization.toParsingForm(new Schema.Parser().parse(schema))).decode(body);
        });
    }

    /** May fail in every way that Avro knows. */
    private interface Decoding<T> {

        T decode() throws IOException;
    }

    private static <T> T decode(String by, Decoding<T> decoding) {
        try {
            return decoding.decode();
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // a schema from outside may refer to itself, and the record go as deep as it is long
            throw new IllegalArgumentException("not readable by its " + by + ": "
                    + (e instanceof StackOverflowError ? "nested too deeply" : e.getMessage()), e);
        }
    }

    private static String text(Header header) {
        if (header.value() == null || header.value().length > LARGEST_SCHEMA) {
            throw new IllegalArgumentException("allowed: a schema of up to " + LARGEST_SCHEMA + " bytes");
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    private RawMessageDecoder<T> decoder(String text) {
        RawMessageDecoder<T> decoder;
        synchronized (decoders) {
            decoder = decoders.get(text);
        }
        if (decoder == null) {
            Schema writer = new Schema.Parser().parse(text);
            // the canonical form has no properties, and so names no classes
            require(text.equals(SchemaNormalization.toParsingForm(writer)), "a schema in parsing canonical form");
            require(writer.getType() == Schema.Type.RECORD && writer.getFullName().equals(reader.getFullName()),
                    "a schema of " + reader.getFullName());
            requireItemsOfSomeLength(writer, new HashSet<>());
            decoder = new RawMessageDecoder<>(model, writer, reader);
        }
        synchronized (decoders) {
            decoders.put(text, decoder);
        }
        return decoder;
    }

    private static void require(boolean holds, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException("allowed: " + allowed);
        }
    }

    /** A record of a few bytes could otherwise announce an array that takes for ever to pass over. */
    private static void requireItemsOfSomeLength(Schema schema, Set<String> seen) {
        switch (schema.getType()) {
            case ARRAY -> {
                require(takesBytes(schema.getElementType(), new HashSet<>()), "arrays whose items take bytes");
                requireItemsOfSomeLength(schema.getElementType(), seen);
            }
            case MAP -> requireItemsOfSomeLength(schema.getValueType(), seen);
            case UNION -> schema.getTypes().forEach(type -> requireItemsOfSomeLength(type, seen));
            case RECORD -> {
                if (seen.add(schema.getFullName())) {
                    schema.getFields().forEach(field -> requireItemsOfSomeLength(field.schema(), seen));
                }
            }
            default -> { }
        }
    }

    private static boolean takesBytes(Schema schema, Set<String> seen) {
        return switch (schema.getType()) {
            case NULL -> false;
            case FIXED -> schema.getFixedSize() > 0;
            case RECORD -> seen.add(schema.getFullName())
                    && schema.getFields().stream().anyMatch(field -> takesBytes(field.schema(), seen));
            default -> true;
        };
    }
}

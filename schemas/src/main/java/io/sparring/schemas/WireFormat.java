package io.sparring.schemas;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.message.MissingSchemaException;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * How a record is written to bytes and read again: Avro's single-object encoding, two bytes of marker, eight of the
 * writer schema's fingerprint, then the record. Writers' schemas are found among the versions that this jar carries under
 * {@code history/}, so no registry is needed and a record of an older release is still read; that of a later one is read by the
 * schema in its {@link WriterSchemaHeader}. With a {@link SchemaRegistry} records are sent in Confluent's wire format
 * ({@link EncodedValues}), and whoever reads takes both.
 *
 * <p>Instances may be shared by threads.
 *
 * @param <T> the generated class of the record
 */
public final class WireFormat<T extends SpecificRecord> {

    /** The broker takes records of 8 MB; an announced length above that is damage, and must not make us allocate it. */
    private static final String LARGEST_LENGTH = Integer.toString(8 * 1024 * 1024);
    /** More labels than any batch that fits into a record has. */
    private static final String MOST_ITEMS = Integer.toString(64 * 1024);

    static {
        System.setProperty("org.apache.avro.limits.bytes.maxLength", LARGEST_LENGTH);
        System.setProperty("org.apache.avro.limits.string.maxLength", LARGEST_LENGTH);
        System.setProperty("org.apache.avro.limits.collectionItems.maxLength", MOST_ITEMS);
        // Avro creates no class by name that is not trusted; ours are those generated into this package, enums included.
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(ClassSecurityValidator.getGlobal(),
                type -> type.getPackage() == WireFormat.class.getPackage()));
    }

    private final BinaryMessageEncoder<T> encoder;
    private final BinaryMessageDecoder<T> decoder;
    private final Map<Long, Schema> schemas = new HashMap<>();
    /** Null for a checkpoint: to go on from one that is understood in part would not be to go on. */
    private final WriterSchemas<T> others;

    private WireFormat(Class<T> type) {
        SpecificData model = SpecificData.getForClass(type);
        Schema schema = model.getSchema(type);
        encoder = new BinaryMessageEncoder<>(model, schema);
        decoder = new BinaryMessageDecoder<>(model, schema);
        schemas.put(SchemaNormalization.parsingFingerprint64(schema), schema);
        others = type == Checkpoint.class ? null : new WriterSchemas<>(model, schema);
        for (Schema version : history(type)) {
            decoder.addSchema(version);
            schemas.put(SchemaNormalization.parsingFingerprint64(version), version);
        }
    }

    /** The format of records of the generated class {@code type}. */
    public static <T extends SpecificRecord> WireFormat<T> of(Class<T> type) {
        return new WireFormat<>(type);
    }

    /** Every schema that a release has written records of {@code type} with, oldest first. */
    static List<Schema> history(Class<?> type) {
        List<Schema> versions = new ArrayList<>();
        for (int version = 1; ; version++) {
            try (InputStream text = type.getResourceAsStream("history/" + type.getSimpleName() + "." + version + ".avsc")) {
                if (text == null) {
                    return versions;
                }
                versions.add(new Schema.Parser().parse(text));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The record as bytes. */
    public byte[] encode(T record) {
        try {
            ByteBuffer bytes = encoder.encode(record);
            byte[] exact = new byte[bytes.remaining()];
            bytes.get(exact);
            return exact;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a record; the buffer's position is left as it was.
     *
     * @throws IllegalArgumentException if the bytes are not a record of this kind, with the reason
     */
    public T decode(ByteBuffer bytes) {
        try {
            return decoder.decode(bytes.duplicate());
        } catch (IOException | RuntimeException e) {
            // Avro answers damaged bytes with exceptions of many kinds
            throw new IllegalArgumentException("not a readable record: " + e.getMessage(), e);
        }
    }

    /** How many of the bytes could be read before something was wrong with them; all of them where nothing is. */
    public int readable(byte[] bytes) {
        Long fingerprint = WriterSchemaHeader.fingerprint(ByteBuffer.wrap(bytes));
        if (fingerprint == null) {
            return 0;
        }
        Schema writer = schemas.get(fingerprint);
        if (writer == null) {
            return 2;
        }
        ByteArrayInputStream body = new ByteArrayInputStream(bytes, WriterSchemas.PREFIX,
                bytes.length - WriterSchemas.PREFIX);
        try {
            // a decoder without a buffer of its own stops where the damage is
            new GenericDatumReader<>(writer).read(null, DecoderFactory.get().directBinaryDecoder(body, null));
        } catch (IOException | RuntimeException e) {
            return bytes.length - body.available();
        }
        return bytes.length;
    }

    /** The bytes that {@code received} came as; of a record that could be read, those of this release. Null for none. */
    public byte[] bytes(Received<T> received) {
        return received == null ? null : received.isReadable() ? encode(received.value()) : received.raw();
    }

    /** Kafka's serializer for these records. */
    public Serializer<T> serializer() {
        return (topic, record) -> record == null ? null : encode(record);
    }

    /**
     * A deserializer that never throws: what cannot be read arrives as a {@link Received} that says why. It takes Confluent's wire
     * format too; where a record of that has no {@link WriterSchemaHeader}, its schema is looked up in the registry that the
     * settings name which the deserializer is configured with.
     */
    public Deserializer<Received<T>> receiver() {
        return new ReceivedValues<>(this::receive);
    }

    /** For Kafka Streams: what cannot be read is an exception, left to its deserialization exception handler. */
    public Serde<T> serde() {
        Deserializer<Received<T>> receiver = receiver();
        return Serdes.serdeFrom(serializer(), new Deserializer<>() {
            @Override
            public T deserialize(String topic, byte[] bytes) {
                return bytes == null ? null : decode(ByteBuffer.wrap(bytes));
            }

            @Override
            public T deserialize(String topic, Headers headers, byte[] bytes) {
                Received<T> received = receiver.deserialize(topic, headers, bytes);
                if (received != null && !received.isReadable()) {
                    throw new IllegalArgumentException(received.failure());
                }
                return received == null ? null : received.value();
            }
        });
    }

    private Received<T> receive(Optional<SchemaRegistry> registry, Headers headers, ByteBuffer bytes) {
        if (EncodedValues.isNumbered(bytes)) {
            return numbered(registry, headers, bytes);
        }
        try {
            return Received.readable(decode(bytes));
        } catch (IllegalArgumentException e) {
            return e.getCause() instanceof MissingSchemaException
                    ? ofOtherRelease(headers, bytes, e.getMessage()) : Received.unreadable(raw(bytes), e.getMessage());
        }
    }

    private Received<T> ofOtherRelease(Headers headers, ByteBuffer bytes, String unknown) {
        if (others == null || headers == null || !WriterSchemas.named(headers)) {
            return Received.ofOtherRelease(raw(bytes), unknown);
        }
        try {
            return Received.readable(others.decode(headers, bytes));
        } catch (IllegalArgumentException e) {
            return Received.ofOtherRelease(raw(bytes), e.getMessage());
        }
    }

    /** The number alone says nothing without the registry; the header says all. */
    private Received<T> numbered(Optional<SchemaRegistry> registry, Headers headers, ByteBuffer bytes) {
        ByteBuffer body = bytes.slice();
        int number = body.getInt(1);
        body = body.position(EncodedValues.PREFIX).slice();
        boolean named = headers != null && WriterSchemas.named(headers);
        if (others == null || !named && registry.isEmpty()) {
            return Received.unreadable(raw(bytes), "Confluent's wire format, with schema " + number + "; allowed: "
                    + (others == null ? "Avro's single-object encoding" : "also the header " + WriterSchemaHeader.NAME
                            + ", or " + SchemaRegistry.URL + " in the settings of who reads"));
        }
        try {
            return Received.readable(named ? others.decodeBody(headers, body)
                    : others.decodeBody(registry.get().schema(number), body));
        } catch (IllegalArgumentException e) {
            return Received.ofOtherRelease(raw(bytes), e.getMessage());
        }
    }

    private static byte[] raw(ByteBuffer bytes) {
        byte[] raw = new byte[bytes.remaining()];
        bytes.duplicate().get(raw);
        return raw;
    }
}

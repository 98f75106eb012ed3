package io.sparring.schemas;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Kafka's serializer of values that a {@link WireFormat} has encoded: as they are, or with a registry in Confluent's wire format, a
 * byte 0, four of the schema's number, then the same bytes of the record. What follows the schema's mark is Avro's binary encoding
 * in both, so nothing is encoded again.
 *
 * <p>Left as they are: checkpoints, which no other release is to understand in part; dead letters, which are what somebody sent;
 * and what Kafka Streams keeps for itself. May be used by several threads.
 */
public final class EncodedValues implements Serializer<byte[]> {

    /** Byte 0, four of the number. */
    static final int PREFIX = 1 + Integer.BYTES;

    private final Optional<SchemaRegistry> registry;
    private final Map<Written, Integer> numbers = new ConcurrentHashMap<>();

    /** What has a number: topics of one schema each have their own. */
    private record Written(String topic, long fingerprint) {
    }

    /** @param registry none for Avro's single-object encoding */
    public EncodedValues(Optional<SchemaRegistry> registry) {
        this.registry = registry;
    }

    /** Whether these bytes are in Confluent's wire format; Avro's single-object encoding begins with 0xC3. */
    static boolean isNumbered(ByteBuffer bytes) {
        return bytes.remaining() >= PREFIX && bytes.get(bytes.position()) == 0;
    }

    /**
     * The value as it is sent.
     *
     * @throws org.apache.kafka.common.errors.RetriableException if the registry is away
     * @throws IllegalArgumentException if it refuses the schema, or this client
     */
    @Override
    public byte[] serialize(String topic, byte[] encoded) {
        if (registry.isEmpty() || encoded == null || !isOfRun(topic)) {
            return encoded;
        }
        Long fingerprint = WriterSchemaHeader.fingerprint(ByteBuffer.wrap(encoded));
        Optional<Schema> schema = fingerprint == null ? Optional.empty() : WriterSchemaHeader.schema(fingerprint);
        if (schema.isEmpty()) {
            return encoded;
        }
        int number = numbers.computeIfAbsent(new Written(topic, fingerprint),
                any -> registry.get().register(topic, schema.get()));
        int body = encoded.length - WriterSchemas.PREFIX;
        return ByteBuffer.allocate(PREFIX + body).put((byte) 0).putInt(number).put(encoded, WriterSchemas.PREFIX, body).array();
    }

    @Override
    public byte[] serialize(String topic, Headers headers, byte[] encoded) {
        return serialize(topic, encoded);
    }

    private static boolean isOfRun(String topic) {
        return Arrays.stream(RunTopic.values()).filter(known -> known != RunTopic.DEAD_LETTERS)
                .anyMatch(known -> topic.endsWith(known.of("")));
    }
}

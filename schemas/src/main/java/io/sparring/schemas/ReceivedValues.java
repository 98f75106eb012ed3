package io.sparring.schemas;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Kafka's deserializer of a {@link WireFormat}: what cannot be read arrives as a {@link Received} that says why. Nothing is thrown, but
 * for a registry that is needed and away, which passes. Configured with a client's settings it asks the registry that they name.
 *
 * @param <T> the generated class of the record
 */
final class ReceivedValues<T> implements Deserializer<Received<T>> {

    /** How bytes become a record. */
    interface Reader<T> {

        /** @param headers null where there are none */
        Received<T> read(Optional<SchemaRegistry> registry, Headers headers, ByteBuffer bytes);
    }

    private final Reader<T> reader;
    private volatile Optional<SchemaRegistry> registry = Optional.empty();

    ReceivedValues(Reader<T> reader) {
        this.reader = reader;
    }

    @Override
    public void configure(Map<String, ?> settings, boolean isKey) {
        registry = SchemaRegistry.of(settings);
    }

    @Override
    public Received<T> deserialize(String topic, byte[] bytes) {
        return deserialize(topic, null, bytes);
    }

    @Override
    public Received<T> deserialize(String topic, Headers headers, byte[] bytes) {
        return bytes == null ? null : reader.read(registry, headers, ByteBuffer.wrap(bytes));
    }

    @Override
    public Received<T> deserialize(String topic, Headers headers, ByteBuffer bytes) {
        return bytes == null ? null : reader.read(registry, headers, bytes);
    }
}

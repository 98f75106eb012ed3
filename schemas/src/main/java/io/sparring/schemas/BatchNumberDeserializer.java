package io.sparring.schemas;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads keys that are batch numbers, and never throws: what is no number of eight bytes arrives as null, and its bytes in the
 * record's header {@value #RAW_KEY}, so that whoever sets the record aside still has them.
 */
public final class BatchNumberDeserializer implements Deserializer<Long> {

    /** Header, on this side of the consumer only, with the bytes of a key that is no batch number. */
    public static final String RAW_KEY = "sparring-key";

    @Override
    public Long deserialize(String topic, byte[] bytes) {
        return bytes == null || bytes.length != Long.BYTES ? null : ByteBuffer.wrap(bytes).getLong();
    }

    @Override
    public Long deserialize(String topic, Headers headers, byte[] bytes) {
        headers.remove(RAW_KEY);
        if (bytes != null && bytes.length != Long.BYTES) {
            headers.add(RAW_KEY, bytes);
        }
        return deserialize(topic, bytes);
    }

    @Override
    public Long deserialize(String topic, Headers headers, ByteBuffer buffer) {
        byte[] bytes = buffer == null ? null : new byte[buffer.remaining()];
        if (bytes != null) {
            buffer.duplicate().get(bytes);
        }
        return deserialize(topic, headers, bytes);
    }
}

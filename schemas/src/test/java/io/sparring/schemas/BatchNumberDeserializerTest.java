package io.sparring.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.Test;

class BatchNumberDeserializerTest {

    private final BatchNumberDeserializer keys = new BatchNumberDeserializer();
    private final Headers headers = new RecordHeaders();

    @Test
    void readsWhatKafkaWrites() {
        for (long number : new long[] {0, 7, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            byte[] bytes = new LongSerializer().serialize("t", number);
            assertThat(keys.deserialize("t", bytes)).isEqualTo(number);
            assertThat(keys.deserialize("t", headers, ByteBuffer.wrap(bytes))).isEqualTo(number);
        }
        assertThat(headers).isEmpty();
    }

    @Test
    void whatIsNoNumberIsNullAndKeepsItsBytes() {
        byte[] bytes = {1, 2, 3};
        assertThat(keys.deserialize("t", bytes)).isNull();
        assertThat(keys.deserialize("t", headers, ByteBuffer.wrap(bytes))).isNull();
        assertThat(headers.lastHeader(BatchNumberDeserializer.RAW_KEY).value()).isEqualTo(bytes);
        assertThat(keys.deserialize("t", headers, (ByteBuffer) null)).isNull();
        assertThat(headers).as("another record's").isEmpty();
    }
}

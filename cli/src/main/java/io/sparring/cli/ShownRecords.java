package io.sparring.cli;

import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** What is shown of one topic's records. */
final class ShownRecords {

    private final Deserializer<? extends Received<? extends SpecificRecord>> receiver;

    private ShownRecords(Deserializer<? extends Received<? extends SpecificRecord>> receiver) {
        this.receiver = receiver;
    }

    /** Of a topic whose records have a schema, or of the dead letters. */
    static ShownRecords of(RunTopic topic) {
        return new ShownRecords(RecordFields.format(topic).<Deserializer<? extends Received<? extends SpecificRecord>>>map(
                WireFormat::receiver).orElse(null));
    }

    /** Where the record is, when it was written, its key, and its fields as {@code value} or why there are none as {@code failure}. */
    Map<String, Object> document(ConsumerRecord<byte[], byte[]> record) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("topic", record.topic());
        document.put("partition", record.partition());
        document.put("offset", record.offset());
        document.put("time", Instant.ofEpochMilli(record.timestamp()).toString());
        document.put("key", DeadLetter.keyText(record.key()));
        Optional<Map<String, Object>> fields = fields(record);
        fields.ifPresent(each -> document.put("value", each));
        if (fields.isEmpty()) {
            document.put("failure", record.value() == null ? "the record is empty"
                    : receiver.deserialize(record.topic(), record.headers(), record.value()).failure());
        }
        return document;
    }

    /** The same on one line. */
    String line(ConsumerRecord<byte[], byte[]> record) {
        Map<String, Object> document = document(record);
        StringBuilder line = new StringBuilder(document.get("time") + "  " + record.partition() + "@" + record.offset() + "  "
                + document.get("key"));
        if (document.get("value") instanceof Map<?, ?> fields) {
            fields.forEach((name, value) -> line.append("  ").append(name).append('=').append(RecordFields.text(value)));
        } else {
            line.append("  ").append(document.get("failure"));
        }
        return line.toString();
    }

    private Optional<Map<String, Object>> fields(ConsumerRecord<byte[], byte[]> record) {
        if (receiver == null) {
            return Optional.of(DeadLetter.of(record).fields());
        }
        return Optional.ofNullable(record.value())
                .map(bytes -> receiver.deserialize(record.topic(), record.headers(), bytes))
                .filter(Received::isReadable).map(received -> RecordFields.of(received.value()));
    }
}

package io.sparring.cli;

import io.sparring.pipeline.DeadLetters;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.WriterSchemaHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * A record of the topic {@code dead-letters}.
 *
 * @param id its offset there
 * @param origin where its record was; nothing for what is no letter of a service
 * @param key of its record, null for none
 * @param value of its record, null where the letter goes without
 * @param size of that value, bytes; -1 for none
 * @param redriven where it was set aside before, if it was sent again since
 * @param schema its record's header with the schema that it was written with, null for none
 */
record DeadLetter(long id, Instant at, Optional<Origin> origin, byte[] key, byte[] value, int size, String reason,
        Optional<String> redriven, byte[] schema) {

    /** What identifies a letter: several readers may have set the same record aside. */
    record Origin(TopicPartition partition, long offset) {

        @Override
        public String toString() {
            return partition + "@" + offset;
        }
    }

    static DeadLetter of(ConsumerRecord<byte[], byte[]> record) {
        Header rawKey = record.headers().lastHeader(BatchNumberDeserializer.RAW_KEY);
        Header schema = record.headers().lastHeader(WriterSchemaHeader.NAME);
        int size = record.value() != null ? record.value().length
                : DeadLetters.text(record.headers(), DeadLetters.SIZE).flatMap(DeadLetter::number).orElse(-1L).intValue();
        return new DeadLetter(record.offset(), Instant.ofEpochMilli(record.timestamp()), origin(record),
                rawKey == null ? record.key() : rawKey.value(), record.value(), size,
                DeadLetters.text(record.headers(), DeadLetters.REASON).orElse("no letter of a service"),
                DeadLetters.text(record.headers(), DeadLetters.REDRIVEN), schema == null ? null : schema.value());
    }

    private static Optional<Origin> origin(ConsumerRecord<byte[], byte[]> record) {
        Optional<String> topic = DeadLetters.text(record.headers(), DeadLetters.TOPIC);
        Optional<Long> partition = DeadLetters.text(record.headers(), DeadLetters.PARTITION).flatMap(DeadLetter::number);
        Optional<Long> offset = DeadLetters.text(record.headers(), DeadLetters.OFFSET).flatMap(DeadLetter::number);
        return topic.isEmpty() || partition.isEmpty() || offset.isEmpty() ? Optional.empty()
                : Optional.of(new Origin(new TopicPartition(topic.get(), partition.get().intValue()), offset.get()));
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    String topic() {
        return origin.map(each -> each.partition().topic()).orElse("");
    }

    /** Where it came from, as one reads it. */
    String from() {
        return origin.map(Origin::toString).orElse("?");
    }

    /** The number that the key is, if it has eight bytes. */
    Optional<Long> number() {
        return key == null || key.length != Long.BYTES ? Optional.empty() : Optional.of(ByteBuffer.wrap(key).getLong());
    }

    /** The key as one reads it: a name, a number of eight bytes, or hexadecimal digits. */
    String keyText() {
        return keyText(key);
    }

    /** Any record's key as one reads it. */
    static String keyText(byte[] key) {
        if (key == null) {
            return "none";
        }
        String name = new String(key, StandardCharsets.UTF_8);
        boolean printable = name.chars().allMatch(character -> character > ' ' && character < 127);
        if (printable && !name.isEmpty()) {
            return name;
        }
        return key.length == Long.BYTES ? String.valueOf(ByteBuffer.wrap(key).getLong()) : "0x" + HexFormat.of().formatHex(key);
    }

    /** What kind of reason it is: that what differs from record to record is left out. */
    String kind() {
        int colon = reason.indexOf(':');
        return colon < 0 ? reason : reason.substring(0, colon);
    }

    /** What identifies and describes it, but for its value. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", id);
        fields.put("at", at.toString());
        origin.ifPresent(each -> {
            fields.put("topic", each.partition().topic());
            fields.put("partition", each.partition().partition());
            fields.put("offset", each.offset());
        });
        fields.put("key", keyText());
        fields.put("size", size);
        fields.put("reason", reason);
        redriven.ifPresent(before -> fields.put("redriven", before));
        return fields;
    }
}

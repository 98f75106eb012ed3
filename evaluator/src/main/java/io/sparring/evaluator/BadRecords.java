package io.sparring.evaluator;

import io.sparring.pipeline.DeadLetters;
import io.sparring.schemas.Received;
import io.sparring.schemas.WireFormat;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Makes dead letters of the facts that cannot be counted; Kafka Streams sends them in its transaction.
 *
 * @param <K> their key
 * @param <T> what they are
 */
final class BadRecords<K, T extends SpecificRecord> extends ContextualProcessor<K, Received<T>, K, byte[]> {

    private final WireFormat<T> format;
    private final BiFunction<K, Received<T>, Optional<String>> check;
    private final DeadLetters letters;

    /** @param check says why a record cannot be counted */
    BadRecords(WireFormat<T> format, BiFunction<K, Received<T>, Optional<String>> check, DeadLetters letters) {
        this.format = format;
        this.check = check;
        this.letters = letters;
    }

    @Override
    public void process(Record<K, Received<T>> fact) {
        RecordMetadata origin = context().recordMetadata().orElseThrow();
        byte[] bytes = format.bytes(fact.value());
        int size = bytes == null ? ConsumerRecord.NULL_SIZE : bytes.length;
        ProducerRecord<K, byte[]> letter = letters.of(new ConsumerRecord<>(origin.topic(), origin.partition(),
                origin.offset(), fact.timestamp(), TimestampType.CREATE_TIME, ConsumerRecord.NULL_SIZE, size, fact.key(), fact.value(),
                fact.headers(), Optional.empty()), bytes, check.apply(fact.key(), fact.value()).orElseThrow());
        context().forward(fact.withValue(letter.value()).withHeaders(letter.headers()));
    }
}

package io.sparring.evaluator;

import io.sparring.pipeline.DeadLetters;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.Received;
import io.sparring.schemas.WireFormat;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Makes dead letters of the facts that cannot be counted; Kafka Streams sends them in its transaction. */
final class BadEvaluations extends ContextualProcessor<String, Received<Evaluation>, String, byte[]> {

    private static final WireFormat<Evaluation> FORMAT = WireFormat.of(Evaluation.class);

    private final DeadLetters letters;

    BadEvaluations(DeadLetters letters) {
        this.letters = letters;
    }

    @Override
    public void process(Record<String, Received<Evaluation>> fact) {
        RecordMetadata origin = context().recordMetadata().orElseThrow();
        byte[] bytes = FORMAT.bytes(fact.value());
        int size = bytes == null ? ConsumerRecord.NULL_SIZE : bytes.length;
        ProducerRecord<String, byte[]> letter = letters.of(new ConsumerRecord<>(origin.topic(), origin.partition(),
                origin.offset(), fact.timestamp(), TimestampType.CREATE_TIME, ConsumerRecord.NULL_SIZE, size, fact.key(), fact.value(),
                fact.headers(), Optional.empty()), bytes,
                EvaluationCheck.problem(fact.key(), fact.value()).orElseThrow());
        context().forward(fact.withValue(letter.value()).withHeaders(letter.headers()));
    }
}

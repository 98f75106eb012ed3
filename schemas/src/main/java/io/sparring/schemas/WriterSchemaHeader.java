package io.sparring.schemas;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Puts on every record the schema that it was written with, in Avro's parsing canonical form, so that a release that does not
 * know that schema can read the record all the same. For Kafka's setting {@code interceptor.classes}. A record of a schema that is
 * not ours, as a dead letter may be, keeps the header that it has.
 */
public final class WriterSchemaHeader implements ProducerInterceptor<Object, Object> {

    /** Name of the header. */
    public static final String NAME = "sparring-schema";

    /** Checkpoints are not among them: one of another release is refused, never understood in part. */
    private static final List<Class<? extends SpecificRecord>> RECORDS = List.of(ImageBatch.class, IncomingImage.class,
            AdversarialBatch.class,
            ModelUpdate.class, TrainingStep.class, RunRecord.class, Attack.class, Sample.class, Evaluation.class, Robustness.class,
            ServiceStatus.class, Alarm.class, AttackProgress.class, PrequentialWindow.class);
    private static final Map<Long, Known> SCHEMAS = schemas();

    /** A schema and its parsing canonical form. */
    private record Known(Schema schema, byte[] text) {
    }

    private static Map<Long, Known> schemas() {
        Map<Long, Known> schemas = new HashMap<>();
        for (Class<? extends SpecificRecord> type : RECORDS) {
            Schema schema = SpecificData.get().getSchema(type);
            for (Schema version : WireFormat.history(type)) {
                put(schemas, version);
            }
            put(schemas, schema);
        }
        return schemas;
    }

    private static void put(Map<Long, Known> schemas, Schema schema) {
        schemas.put(SchemaNormalization.parsingFingerprint64(schema),
                new Known(schema, SchemaNormalization.toParsingForm(schema).getBytes(StandardCharsets.UTF_8)));
    }

    /** The schema of that fingerprint, if a release has written records with it that may be read by others; docs and all. */
    static Optional<Schema> schema(long fingerprint) {
        return Optional.ofNullable(SCHEMAS.get(fingerprint)).map(Known::schema);
    }

    /** The fingerprint of a record's writer schema; null if the bytes are not Avro's single-object encoding. */
    static Long fingerprint(ByteBuffer bytes) {
        ByteBuffer record = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        boolean encoded = record.remaining() >= WriterSchemas.PREFIX && record.get(0) == (byte) 0xC3 && record.get(1) == 1;
        return encoded ? record.getLong(2) : null;
    }

    @Override
    public ProducerRecord<Object, Object> onSend(ProducerRecord<Object, Object> record) {
        if (record.value() instanceof byte[] bytes) {
            Long fingerprint = fingerprint(ByteBuffer.wrap(bytes));
            Known schema = fingerprint == null ? null : SCHEMAS.get(fingerprint);
            if (schema != null) {
                record.headers().remove(NAME).add(NAME, schema.text());
            }
        }
        return record;
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
    }

    @Override
    public void configure(Map<String, ?> settings) {
    }

    @Override
    public void close() {
    }
}

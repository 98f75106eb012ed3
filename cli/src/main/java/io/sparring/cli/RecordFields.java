package io.sparring.cli;

import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Alarm;
import io.sparring.schemas.Attack;
import io.sparring.schemas.AttackProgress;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.IncomingImage;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.PrequentialWindow;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunRecord;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.Sample;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;

/** The fields of a topic's records as one reads them, and as JSON has them: of bytes, only how many. */
final class RecordFields {

    private static final Map<RunTopic, Class<? extends SpecificRecord>> TYPES = Map.ofEntries(
            Map.entry(RunTopic.CLEAN_BATCHES, ImageBatch.class), Map.entry(RunTopic.HELD_OUT_BATCHES, ImageBatch.class),
            Map.entry(RunTopic.INCOMING_IMAGES, IncomingImage.class),
            Map.entry(RunTopic.ADVERSARIAL_BATCHES, AdversarialBatch.class), Map.entry(RunTopic.MODEL_UPDATES, ModelUpdate.class),
            Map.entry(RunTopic.CHECKPOINTS, Checkpoint.class), Map.entry(RunTopic.TRAINING_STEPS, TrainingStep.class),
            Map.entry(RunTopic.RUNS, RunRecord.class), Map.entry(RunTopic.ATTACKS, Attack.class),
            Map.entry(RunTopic.SAMPLES, Sample.class), Map.entry(RunTopic.ALARMS, Alarm.class),
            Map.entry(RunTopic.EVALUATIONS, Evaluation.class), Map.entry(RunTopic.ROBUSTNESS, Robustness.class),
            Map.entry(RunTopic.ATTACK_PROGRESS, AttackProgress.class), Map.entry(RunTopic.PREQUENTIAL, PrequentialWindow.class),
            Map.entry(RunTopic.SERVICE_STATUS, ServiceStatus.class));
    /** As many items of a list are all shown. */
    private static final int FEW = 12;

    /** What is shown instead of bytes. */
    record ByteCount(int bytes) {

        @Override
        public String toString() {
            return bytes + " bytes";
        }
    }

    private RecordFields() {
    }

    /** How the records of a topic are written; nothing for a topic whose records have no schema. */
    static Optional<WireFormat<?>> format(RunTopic topic) {
        return Optional.ofNullable(TYPES.get(topic)).map(WireFormat::of);
    }

    /** The fields in the schema's order. What may be one of several records is, as in Avro's JSON, under that record's name. */
    static Map<String, Object> of(IndexedRecord record) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Schema.Field field : record.getSchema().getFields()) {
            Object value = plain(record.get(field.pos()));
            boolean oneOfSeveral = value instanceof Map && field.schema().isUnion();
            fields.put(field.name(), oneOfSeveral
                    ? Map.of(((IndexedRecord) record.get(field.pos())).getSchema().getName(), value) : value);
        }
        return fields;
    }

    private static Object plain(Object value) {
        if (value instanceof IndexedRecord inner) {
            return of(inner);
        }
        if (value instanceof ByteBuffer bytes) {
            return new ByteCount(bytes.remaining());
        }
        if (value instanceof Collection<?> many) {
            return many.stream().map(RecordFields::plain).toList();
        }
        return value == null || value instanceof Number || value instanceof Boolean ? value : value.toString();
    }

    /** A field's value in a line of text. */
    static String text(Object value) {
        if (value instanceof Collection<?> many && many.size() > FEW) {
            return many.stream().limit(FEW).toList() + " and " + (many.size() - FEW) + " more";
        }
        return String.valueOf(value);
    }
}

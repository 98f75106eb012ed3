package io.sparring.cli;

import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Alarm;
import io.sparring.schemas.Attack;
import io.sparring.schemas.AttackProgress;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.PrequentialWindow;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunRecord;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;

/** A dead letter's record as one reads it: its fields, or the first of its bytes and where they cannot be read. */
final class DeadLetterText {

    private static final Map<RunTopic, Class<? extends SpecificRecord>> TYPES = Map.ofEntries(
            Map.entry(RunTopic.CLEAN_BATCHES, ImageBatch.class), Map.entry(RunTopic.HELD_OUT_BATCHES, ImageBatch.class),
            Map.entry(RunTopic.ADVERSARIAL_BATCHES, AdversarialBatch.class), Map.entry(RunTopic.MODEL_UPDATES, ModelUpdate.class),
            Map.entry(RunTopic.CHECKPOINTS, Checkpoint.class), Map.entry(RunTopic.TRAINING_STEPS, TrainingStep.class),
            Map.entry(RunTopic.RUNS, RunRecord.class), Map.entry(RunTopic.ATTACKS, Attack.class),
            Map.entry(RunTopic.EVALUATIONS, Evaluation.class), Map.entry(RunTopic.ROBUSTNESS, Robustness.class),
            Map.entry(RunTopic.SERVICE_STATUS, ServiceStatus.class), Map.entry(RunTopic.ALARMS, Alarm.class),
            Map.entry(RunTopic.ATTACK_PROGRESS, AttackProgress.class),
            Map.entry(RunTopic.PREQUENTIAL, PrequentialWindow.class));
    private static final int DUMPED = 256;
    private static final int LINE = 16;
    private static final int FEW = 12;

    private DeadLetterText() {
    }

    /** The lines that say what a value holds that came from {@code topic} of a run. */
    static List<String> lines(String run, String topic, byte[] value) {
        Optional<RunTopic> known = Arrays.stream(RunTopic.values()).filter(each -> each.of(run).equals(topic)).findFirst();
        if (known.isEmpty() || !TYPES.containsKey(known.get())) {
            return dump(value);
        }
        WireFormat<?> format = WireFormat.of(TYPES.get(known.get()));
        try {
            List<String> lines = new ArrayList<>();
            fields(format.decode(ByteBuffer.wrap(value)), "  ", lines);
            return lines;
        } catch (IllegalArgumentException e) {
            List<String> lines = new ArrayList<>();
            lines.add(e.getMessage() + "; the first " + format.readable(value) + " bytes can be read");
            lines.addAll(dump(value));
            return lines;
        }
    }

    private static void fields(IndexedRecord fields, String indent, List<String> lines) {
        lines.add(indent.substring(2) + fields.getSchema().getName());
        fields.getSchema().getFields().forEach(field -> {
            Object value = fields.get(field.pos());
            if (value instanceof IndexedRecord inner) {
                lines.add(indent + field.name() + ":");
                fields(inner, indent + "    ", lines);
            } else {
                lines.add(indent + field.name() + ": " + text(value));
            }
        });
    }

    private static String text(Object value) {
        if (value instanceof ByteBuffer bytes) {
            return bytes.remaining() + " bytes";
        }
        if (value instanceof Collection<?> many && many.size() > FEW) {
            return many.stream().limit(FEW).toList() + " and " + (many.size() - FEW) + " more";
        }
        return String.valueOf(value);
    }

    /** Hexadecimal digits, sixteen bytes a line. */
    static List<String> dump(byte[] value) {
        List<String> lines = new ArrayList<>();
        for (int at = 0; at < Math.min(DUMPED, value.length); at += LINE) {
            byte[] line = Arrays.copyOfRange(value, at, Math.min(at + LINE, value.length));
            lines.add(String.format("  %06x  %s", at, HexFormat.ofDelimiter(" ").formatHex(line)));
        }
        if (value.length > DUMPED) {
            lines.add("  and " + (value.length - DUMPED) + " bytes more");
        }
        return lines;
    }
}

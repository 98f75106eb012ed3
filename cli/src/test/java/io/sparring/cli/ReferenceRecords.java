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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import picocli.CommandLine;

/** What the reference says of commands, topics and records: lines of Markdown, made from the code that defines them. */
final class ReferenceRecords {

    private static final List<Schema> RECORDS = List.of(ImageBatch.getClassSchema(), IncomingImage.getClassSchema(),
            AdversarialBatch.getClassSchema(),
            ModelUpdate.getClassSchema(), Checkpoint.getClassSchema(), TrainingStep.getClassSchema(), RunRecord.getClassSchema(),
            Attack.getClassSchema(), Sample.getClassSchema(), Evaluation.getClassSchema(), AttackProgress.getClassSchema(),
            Robustness.getClassSchema(), PrequentialWindow.getClassSchema(), ServiceStatus.getClassSchema(),
            Alarm.getClassSchema());

    private ReferenceRecords() {
    }

    static List<String> commands() {
        List<String> lines = new ArrayList<>(List.of("", "## Commands", "", "`./sparring COMMAND --help` tells each one's options.", "",
                "| command | |", "| --- | --- |"));
        Sparring.commandLine().getSubcommands().forEach((name, command) -> lines.add("| `" + name + "` | "
                + cell(description(command)) + " |"));
        return lines;
    }

    private static String description(CommandLine command) {
        return String.join(" ", command.getCommandSpec().usageMessage().description());
    }

    static List<String> topics() {
        List<String> lines = new ArrayList<>(List.of("", "## Topics", "",
                "Each is named after the run: `<run>.clean-batches`. P is the run's key `partitions`; batch n is in partition n mod P.", "",
                "| topic | partitions | kept |", "| --- | --- | --- |"));
        for (RunTopic topic : RunTopic.values()) {
            lines.add("| `" + topic.of("").substring(1) + "` | " + (topic.partitions(2) == 2 ? "P" : "1") + " | "
                    + switch (topic.kept()) {
                        case UNTIL_TRIMMED -> "for ever";
                        case COMPACTED -> "the newest record of each key";
                        case COMPACTED_BY_TIME -> "the newest record of each key, a week";
                        case BY_TIME -> "a week";
                        case SHORTLY -> "an hour";
                    } + " |");
        }
        return lines;
    }

    static List<String> records() {
        List<String> lines = new ArrayList<>(List.of("", "## Records", "",
                "Avro, in single-object encoding: a marker, the schema's fingerprint, the record. The schemas are in",
                "[schemas/src/main/avro](../schemas/src/main/avro); a release reads what every release before it has written."));
        for (Schema record : RECORDS) {
            record(record, lines);
        }
        return lines;
    }

    private static void record(Schema record, List<String> lines) {
        lines.addAll(List.of("", "### " + record.getName(), "", record.getDoc(), "", "| field | type | |", "| --- | --- | --- |"));
        Set<Schema> within = new LinkedHashSet<>();
        for (Schema.Field field : record.getFields()) {
            lines.add("| `" + field.name() + "` | " + type(field.schema(), within) + " | " + cell(field.doc()) + " |");
        }
        within.forEach(each -> record(each, lines));
    }

    /** @param within is given the records that the type refers to */
    private static String type(Schema schema, Set<Schema> within) {
        return switch (schema.getType()) {
            case UNION -> schema.getTypes().stream().map(each -> type(each, within)).collect(Collectors.joining(" or "));
            case ARRAY -> "array of " + type(schema.getElementType(), within);
            case MAP -> "map of " + type(schema.getValueType(), within);
            case ENUM -> String.join(", ", schema.getEnumSymbols());
            case RECORD -> {
                within.add(schema);
                yield schema.getName();
            }
            default -> schema.getLogicalType() == null ? schema.getType().getName() : schema.getLogicalType().getName();
        };
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}

package io.sparring.dashboard;

import static io.sparring.dashboard.MadeRecords.complete;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.schemas.Robustness;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class VersionsTest {

    private final Versions versions = new Versions("pgd-20");

    @Test
    void attacksAreInTheOrderOfPapers() {
        for (String attack : List.of("nrr", "square", "autoattack", "apgd-ce", "mean", "pgd-20", "clean")) {
            versions.add(complete(0, 5, attack, 500));
        }
        assertThat(versions.tables(List.of())).singleElement().satisfies(table -> {
            assertThat(table.columns()).extracting(head -> head.replaceAll(" .*", "")).containsExactly("Update", "Clean", "PGD-20",
                    "APGD-CE", "Square", "AutoAttack", "Mean", "NRR");
            assertThat(table.rows().get(0)).hasSize(8);
        });
    }

    @Test
    void eachSliceHasATableAndANewerRecordTakesTheOldOnesPlace() {
        versions.add(complete(0, 5, "clean", 500));
        versions.add(Robustness.newBuilder(complete(0, 5, "clean", 600)).setSlice("validation").build());
        versions.add(complete(0, 5, "clean", 520));
        versions.add(complete(0, 10, "clean", 700));
        List<DataTable> tables = versions.tables(List.of());
        assertThat(tables).extracting(DataTable::caption).containsExactly("held-out", "validation");
        assertThat(tables.get(0).rows()).extracting(row -> row.get(0).text() + " " + row.get(1).text())
                .containsExactly("0/10 70.0 %", "0/5 52.0 %");
        assertThat(tables.get(1).rows()).extracting(row -> row.get(0).text()).containsExactly("0/5");
        assertThat(versions.fields().fields("all").rows()).hasSize(3);
    }

    @Test
    void whatALaterIncarnationHasLeftBehindIsMarked() {
        versions.add(complete(0, 5, "clean", 500));
        versions.add(complete(0, 10, "clean", 500));
        versions.add(complete(1, 10, "clean", 500));
        assertThat(versions.tables(List.of(new TrainingSeries.Beginning(0, 1), new TrainingSeries.Beginning(1, 6))).get(0).rows())
                .extracting(row -> row.get(0)).containsExactly(new DataTable.Cell("1/10", ""), new DataTable.Cell("0/10", "left behind"),
                        new DataTable.Cell("0/5", ""));
    }

    @Test
    void ofVeryManyTheNewestAreKept() {
        for (int step = 0; step <= Versions.MOST; step++) {
            assertThat(versions.more()).isFalse();
            versions.add(complete(0, step, "clean", 500));
        }
        assertThat(versions.more()).isTrue();
        assertThat(versions.tables(List.of()).get(0).rows()).hasSize(Versions.MOST).extracting(row -> row.get(0).text())
                .contains("0/1").doesNotContain("0/0");
    }

    @Test
    void everyFieldOfTheRecordsIsThere() {
        versions.add(complete(0, 5, "pgd-20", 500));
        DataTable table = versions.fields().fields("all");
        assertThat(table.columns()).contains("incarnation", "step", "attack", "slice", "status", "batches", "images", "correct",
                "accuracy", "lower", "upper", "epsilon", "updated at", "norm");
        assertThat(table.rows().get(0)).extracting(DataTable.Cell::text).contains("0", "5", "pgd-20", "held-out", "COMPLETE", "1000",
                "500", "0.5", "0.47", "0.53", "0.1", "1970-01-01 00:00:00 UTC", "linf");
        assertThat(versions.fields().meanings()).extracting(FieldTables.Meaning::name).contains("epsilon", "updated at");
    }

    /** Fields of kinds that no record has today. */
    @Test
    void fieldsThatALaterReleaseAddsHaveTheirPlace() {
        Schema schema = new Schema.Parser().parse("""
                {"type": "record", "name": "Later", "fields": [
                  {"name": "step", "type": "long"},
                  {"name": "attack", "type": "string"},
                  {"name": "parameters", "type": {"type": "map", "values": "string"}, "doc": "Of the attack"},
                  {"name": "dataSha256", "type": ["null", "string"]},
                  {"name": "never", "type": ["null", "double"]},
                  {"name": "reported", "type": {"type": "array", "items": "long"}},
                  {"name": "madeAt", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                  {"name": "perception", "doc": "How evenly logits change", "type": {"type": "array", "items":
                    {"type": "record", "name": "Group", "fields": [
                      {"name": "group", "type": "string"},
                      {"name": "normalizedLinearity", "type": ["null", "double"], "doc": "Over the variance"}]}}}]}""");
        Schema group = schema.getField("perception").schema().getElementType();
        GenericRecord bare = record(schema, 10, List.of());
        GenericRecord newer = record(schema, 5, List.of(group(group, "all", 0.25), group(group, "fooled", null)));
        GenericRecord older = record(schema, 0, List.of(group(group, "all", 0.5)));
        FieldTables tables = new FieldTables(schema, List.of("step", "attack"), List.of(bare, newer, older));

        assertThat(tables.fields("all").columns()).containsExactly("step", "attack", "parameters", "data sha256", "made at");
        assertThat(tables.fields("all").rows().get(0)).isEqualTo(DataTable.row("10", "pgd", "loss ce, steps 20", "ab",
                "1970-01-01 00:00:01 UTC"));
        assertThat(tables.meanings()).containsExactly(new FieldTables.Meaning("parameters", "Of the attack"));
        assertThat(tables.inner()).singleElement().satisfies(inner -> {
            assertThat(inner.title()).isEqualTo("Perception");
            assertThat(inner.meaning()).isEqualTo("How evenly logits change");
            assertThat(inner.all().columns()).containsExactly("step", "attack", "group", "normalized linearity");
            assertThat(inner.newest().rows()).containsExactly(DataTable.row("5", "pgd", "all", "0.25"), DataTable.row("5", "pgd", "fooled", "–"));
            assertThat(inner.all().rows()).hasSize(3).contains(DataTable.row("0", "pgd", "all", "0.5"));
            assertThat(inner.meanings()).containsExactly(new FieldTables.Meaning("normalized linearity", "Over the variance"));
        });
    }

    private static GenericRecord record(Schema schema, long step, List<GenericRecord> groups) {
        GenericRecord record = new GenericData.Record(schema);
        record.put("step", step);
        record.put("attack", "pgd");
        record.put("parameters", Map.of("steps", "20", "loss", "ce"));
        record.put("dataSha256", "ab");
        record.put("reported", List.of(0L));
        record.put("madeAt", 1_000L);
        record.put("perception", groups);
        return record;
    }

    private static GenericRecord group(Schema schema, String name, Double linearity) {
        GenericRecord record = new GenericData.Record(schema);
        record.put("group", name);
        record.put("normalizedLinearity", linearity);
        return record;
    }
}

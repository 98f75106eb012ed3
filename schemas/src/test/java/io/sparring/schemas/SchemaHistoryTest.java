package io.sparring.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaValidationException;
import org.apache.avro.SchemaValidatorBuilder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaHistoryTest {

    static Stream<Class<? extends SpecificRecord>> records() {
        return Stream.of(ImageBatch.class, IncomingImage.class, AdversarialBatch.class, ModelUpdate.class,
                Checkpoint.class, TrainingStep.class, RunRecord.class, Attack.class, Sample.class, Evaluation.class,
                Robustness.class, ServiceStatus.class, Alarm.class, AttackProgress.class, PrequentialWindow.class);
    }

    @ParameterizedTest
    @MethodSource("records")
    void readsEveryVersionCommittedBefore(Class<? extends SpecificRecord> type) {
        Schema now = SpecificData.get().getSchema(type);
        for (Schema before : WireFormat.history(type)) {
            assertThat(SchemaCompatibility.checkReaderWriterCompatibility(now, before).getType())
                    .as("%s reads %s", type.getSimpleName(), before.toString(true))
                    .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
        }
    }

    /** Else records written today would be unreadable for the next release, which looks schemas up in the history. */
    @ParameterizedTest
    @MethodSource("records")
    void newestVersionIsTheOneInUse(Class<? extends SpecificRecord> type) {
        List<Schema> versions = WireFormat.history(type);
        assertThat(versions).as("src/main/resources/io/sparring/schemas/history/%s.*.avsc", type.getSimpleName()).isNotEmpty();
        Schema newest = versions.get(versions.size() - 1);
        assertThat(SchemaNormalization.toParsingForm(newest))
                .as("a changed schema is a new version in the history")
                .isEqualTo(SchemaNormalization.toParsingForm(SpecificData.get().getSchema(type)));
    }

    @ParameterizedTest
    @MethodSource("records")
    void everyFieldIsDocumented(Class<? extends SpecificRecord> type) {
        assertDocumented(SpecificData.get().getSchema(type));
    }

    @ParameterizedTest
    @MethodSource("records")
    void aRequiredFieldWithoutDefaultWouldBeNoticed(Class<? extends SpecificRecord> type) {
        Schema before = SpecificData.get().getSchema(type);
        List<Schema.Field> fields = new ArrayList<>(before.getFields().stream()
                .map(field -> new Schema.Field(field, field.schema())).toList());
        fields.add(new Schema.Field("added", Schema.create(Schema.Type.LONG), "no default", null));
        Schema careless = Schema.createRecord(before.getName(), before.getDoc(), before.getNamespace(), false, fields);
        assertThatThrownBy(() -> new SchemaValidatorBuilder().canReadStrategy().validateAll()
                .validate(careless, WireFormat.history(type))).isInstanceOf(SchemaValidationException.class);
    }

    private static void assertDocumented(Schema schema) {
        switch (schema.getType()) {
            case RECORD -> {
                assertThat(schema.getDoc()).as(schema.getFullName()).isNotBlank();
                for (Schema.Field field : schema.getFields()) {
                    assertThat(field.doc()).as(schema.getFullName() + "." + field.name()).isNotBlank();
                    assertDocumented(field.schema());
                }
            }
            case UNION -> schema.getTypes().forEach(SchemaHistoryTest::assertDocumented);
            case ARRAY -> assertDocumented(schema.getElementType());
            default -> { }
        }
    }
}

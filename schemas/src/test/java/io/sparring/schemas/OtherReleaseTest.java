package io.sparring.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records of releases that are not there yet, or of which this one has forgotten the schemas. */
class OtherReleaseTest {

    private static final int SEEDS = 40;

    private final Schema now = SpecificData.get().getSchema(Attack.class);
    private final WireFormat<Attack> format = WireFormat.of(Attack.class);

    static Stream<Class<? extends SpecificRecord>> records() {
        return SchemaHistoryTest.records().filter(type -> type != Checkpoint.class);
    }

    @ParameterizedTest
    @MethodSource("records")
    void aLaterReleasesRecordsAreReadWithoutWhatIsNew(Class<? extends SpecificRecord> type) throws IOException {
        readsWhatItKnows(type);
    }

    private <T extends SpecificRecord> void readsWhatItKnows(Class<T> type) throws IOException {
        WireFormat<T> format = WireFormat.of(type);
        Schema now = SpecificData.get().getSchema(type);
        Schema later = FutureSchemas.of(now);
        long seed = 0;
        for (Object datum : new RandomData(later, SEEDS, 1L)) {
            byte[] bytes = encode(later, (GenericRecord) datum);
            GenericRecord known = new GenericDatumReader<GenericRecord>(later, now).read(null,
                    DecoderFactory.get().binaryDecoder(bytes, WriterSchemas.PREFIX, bytes.length - WriterSchemas.PREFIX, null));
            Received<T> received = format.receiver().deserialize("topic", header(later), ByteBuffer.wrap(bytes));
            assertThat(received.failure()).as("record %d", seed).isNull();
            assertThat(format.encode(received.value())).as("record %d", seed++).isEqualTo(encode(now, known));
            assertThat(format.receiver().deserialize("topic", new RecordHeaders(), ByteBuffer.wrap(bytes)).otherRelease()).isTrue();
        }
    }

    @Test
    void aNewSymbolBecomesTheEnumsDefault() throws IOException {
        Schema later = FutureSchemas.of(SpecificData.get().getSchema(ServiceStatus.class));
        GenericRecord status = (GenericRecord) new RandomData(later, 1, 3L).iterator().next();
        status.put("state", new GenericData.EnumSymbol(later.getField("state").schema(), FutureSchemas.SYMBOL));
        ServiceStatus read = WireFormat.of(ServiceStatus.class).serde().deserializer()
                .deserialize("topic", header(later), encode(later, status));
        assertThat(read.getState()).isEqualTo(ServiceState.WAITING);
    }

    @Test
    void aCheckpointOfAnotherReleaseIsNeverUnderstoodInPart() throws IOException {
        Schema later = FutureSchemas.of(SpecificData.get().getSchema(Checkpoint.class));
        byte[] bytes = encode(later, (GenericRecord) new RandomData(later, 1, 1L).iterator().next());
        assertThat(WireFormat.of(Checkpoint.class).receiver().deserialize("topic", header(later), ByteBuffer.wrap(bytes)))
                .matches(received -> received.otherRelease() && !received.isReadable());
    }

    @Test
    void aHeaderThatIsNotTheRecordsSchemaIsAReason() throws IOException {
        Schema later = FutureSchemas.of(now);
        byte[] record = encode(later, (GenericRecord) new RandomData(later, 1, 1L).iterator().next());
        String text = SchemaNormalization.toParsingForm(later);
        assertThat(failure(record, SchemaNormalization.toParsingForm(now))).contains("the schema whose fingerprint is the record's");
        assertThat(failure(record, text)).isNull();
        assertThat(failure(record, later.toString())).as("documentation, defaults").contains("parsing canonical form");
        assertThat(failure(record, text.replace("\"type\":\"string\"", "\"type\":{\"type\":\"string\",\"java-class\":\"java.net.URL\"}")))
                .contains("parsing canonical form");
        assertThat(failure(record, "no JSON")).startsWith("not readable by its sparring-schema: ");
        assertThat(failure(record, " ".repeat(40_000))).contains("up to 32768 bytes");
        assertThat(failure(record, SchemaNormalization.toParsingForm(SpecificData.get().getSchema(Evaluation.class))))
                .contains("a schema of io.sparring.schemas.Attack");
    }

    @Test
    void aSchemaThatLeavesOutWhatIsNeededIsAReason() throws IOException {
        Schema less = Schema.createRecord(now.getName(), null, now.getNamespace(), false,
                List.of(new Schema.Field("batchNumber", Schema.create(Schema.Type.LONG))));
        assertThat(failure(encode(less, (GenericRecord) new RandomData(less, 1, 1L).iterator().next()),
                SchemaNormalization.toParsingForm(less))).contains("missing required field");
    }

    @Test
    void anArrayThatWouldTakeForEverToPassOverIsRefused() {
        Schema nulls = with(SchemaBuilder.array().items().nullType());
        assertThat(failure(prefixed(nulls, new byte[] {-1, -1, -1, -1, 15}), SchemaNormalization.toParsingForm(nulls)))
                .contains("arrays whose items take bytes");
        Schema empty = with(SchemaBuilder.array().items(SchemaBuilder.record("Empty").namespace("x").fields().endRecord()));
        assertThat(failure(prefixed(empty, new byte[5]), SchemaNormalization.toParsingForm(empty)))
                .contains("arrays whose items take bytes");
    }

    @Test
    void aRecordThatIsNestedTooDeeplyIsAReason() {
        Schema chain = Schema.createRecord("Chain", null, "x", false);
        chain.setFields(List.of(new Schema.Field("next", Schema.createUnion(chain, Schema.create(Schema.Type.NULL)))));
        Schema deep = with(chain);
        assertThat(failure(prefixed(deep, new byte[4_000_000]), SchemaNormalization.toParsingForm(deep)))
                .contains("nested too deeply");
    }

    @Test
    void noDamageEscapesAsAnException() throws IOException {
        Schema later = FutureSchemas.of(now);
        byte[] record = encode(later, (GenericRecord) new RandomData(later, 1, 1L).iterator().next());
        byte[] text = SchemaNormalization.toParsingForm(later).getBytes(StandardCharsets.UTF_8);
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            byte[] header = damaged(text, random);
            byte[] bytes = damaged(record, random);
            Headers headers = new RecordHeaders().add(WriterSchemaHeader.NAME, header);
            assertThat(format.receiver().deserialize("topic", headers, ByteBuffer.wrap(bytes))).as("seed %d", seed).isNotNull();
        }
    }

    @Test
    void everyRecordSaysWhatItWasWrittenWithButACheckpoint() {
        Attack attack = new Attack(1L, "a", 0, 0L, 1, 0f, 0f, 0f, 0f, 0f, java.time.Instant.EPOCH, -1L, java.util.List.of(),
                java.util.List.of());
        byte[] bytes = format.encode(attack);
        ProducerRecord<Object, Object> record = intercepted(bytes, null);
        assertThat(record.headers().lastHeader(WriterSchemaHeader.NAME).value())
                .isEqualTo(SchemaNormalization.toParsingForm(now).getBytes(StandardCharsets.UTF_8));
        assertThat(intercepted(bytes, "stale").headers().headers(WriterSchemaHeader.NAME)).hasSize(1)
                .allMatch(header -> header.value().length > 100);
        assertThat(intercepted(new byte[] {1, 2, 3}, null).headers()).isEmpty();
        byte[] unknown = bytes.clone();
        unknown[4] ^= 1;
        assertThat(intercepted(unknown, "theirs").headers().lastHeader(WriterSchemaHeader.NAME).value()).isEqualTo("theirs".getBytes());
        for (Schema version : WireFormat.history(Checkpoint.class)) {
            assertThat(intercepted(prefixed(version, new byte[3]), null).headers()).isEmpty();
        }
        assertThat(records()).allSatisfy(type -> WireFormat.history(type).forEach(version ->
                assertThat(intercepted(prefixed(version, new byte[3]), null).headers()).hasSize(1)));
    }

    private static ProducerRecord<Object, Object> intercepted(byte[] value, String header) {
        ProducerRecord<Object, Object> record = new ProducerRecord<>("topic", value);
        if (header != null) {
            record.headers().add(WriterSchemaHeader.NAME, header.getBytes(StandardCharsets.UTF_8));
        }
        return new WriterSchemaHeader().onSend(record);
    }

    /** Today's record with this field before all others. */
    private Schema with(Schema first) {
        List<Schema.Field> fields = new ArrayList<>(List.of(new Schema.Field("first", first)));
        now.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
        return Schema.createRecord(now.getName(), null, now.getNamespace(), false, fields);
    }

    private String failure(byte[] record, String header) {
        Headers headers = new RecordHeaders().add(WriterSchemaHeader.NAME, header.getBytes(StandardCharsets.UTF_8));
        Received<Attack> received = format.receiver().deserialize("topic", headers, ByteBuffer.wrap(record));
        assertThat(received.isReadable()).isEqualTo(received.failure() == null);
        if (!received.isReadable()) {
            assertThat(received.raw()).isEqualTo(record);
        }
        return received.failure();
    }

    private static Headers header(Schema schema) {
        return new RecordHeaders().add(WriterSchemaHeader.NAME,
                SchemaNormalization.toParsingForm(schema).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] encode(Schema schema, GenericRecord record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        var encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        encoder.flush();
        return prefixed(schema, bytes.toByteArray());
    }

    private static byte[] prefixed(Schema schema, byte[] body) {
        byte[] record = new byte[WriterSchemas.PREFIX + body.length];
        ByteBuffer.wrap(record).order(java.nio.ByteOrder.LITTLE_ENDIAN).put((byte) 0xC3).put((byte) 1)
                .putLong(SchemaNormalization.parsingFingerprint64(schema)).put(body);
        return record;
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        byte[] damaged = Arrays.copyOf(bytes, random.nextBoolean() ? bytes.length : random.nextInt(bytes.length));
        for (int flips = random.nextInt(3); flips > 0 && damaged.length > 0; flips--) {
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return damaged;
    }
}

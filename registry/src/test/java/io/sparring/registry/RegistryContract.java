package io.sparring.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.sparring.schemas.EncodedValues;
import io.sparring.schemas.IncomingImage;
import io.sparring.schemas.Received;
import io.sparring.schemas.SchemaRegistry;
import io.sparring.schemas.WireFormat;
import io.sparring.schemas.WriterSchemaHeader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;

/** What holds with any registry: what Sparring writes others read, and what others write Sparring reads. */
abstract class RegistryContract {

    private static final WireFormat<IncomingImage> FORMAT = WireFormat.of(IncomingImage.class);

    private final String topic = "tiny-" + UUID.randomUUID() + ".incoming-images";
    private final IncomingImage image = image(new Random(3));

    abstract String url();

    @Test
    void whatSparringWritesIsConfluentsWireFormatThatApicuriosDeserializerReads() {
        byte[] encoded = FORMAT.encode(image);
        byte[] sent = values().serialize(topic, encoded);
        assertThat(sent[0]).isZero();
        assertThat(ByteBuffer.wrap(sent).getInt(1)).isPositive();
        assertThat(sent).as("five bytes rather than ten before the same encoding").hasSize(encoded.length - 5)
                .endsWith(Arrays.copyOfRange(encoded, 10, encoded.length));
        try (AvroKafkaDeserializer<GenericRecord> theirs = new AvroKafkaDeserializer<>()) {
            theirs.configure(apicurio(), false);
            GenericRecord read = theirs.deserialize(topic, new RecordHeaders(), sent);
            assertThat(read.getSchema().getFullName()).isEqualTo(IncomingImage.class.getName());
            assertThat(read.getSchema().getDoc()).as("documented in the registry too").isNotBlank();
            assertThat(read.get("pixels")).isEqualTo(image.getPixels());
            assertThat(read.get("label")).isEqualTo(image.getLabel());
        }
    }

    @Test
    void whatApicuriosSerializerWritesSparringReads() {
        try (AvroKafkaSerializer<GenericRecord> theirs = new AvroKafkaSerializer<>()) {
            theirs.configure(apicurio(), false);
            byte[] sent = theirs.serialize(topic, new RecordHeaders(), generic());
            assertThat(sent[0]).isZero();
            assertThat(receiver().deserialize(topic, new RecordHeaders(), sent)).isEqualTo(Received.readable(image));
        }
    }

    @Test
    void aFieldThatThisReleaseDoesNotKnowIsPassedOver() {
        Schema known = IncomingImage.getClassSchema();
        String text = known.toString().replaceFirst("\"fields\":\\[",
                "\"fields\":[{\"name\":\"camera\",\"type\":\"string\",\"default\":\"\"},");
        Schema later = new Schema.Parser().parse(text);
        GenericRecord record = new GenericData.Record(later);
        record.put("camera", "north");
        known.getFields().forEach(field -> record.put(field.name(), plain(field.name())));
        try (AvroKafkaSerializer<GenericRecord> theirs = new AvroKafkaSerializer<>()) {
            theirs.configure(apicurio(), false);
            byte[] sent = theirs.serialize(topic, new RecordHeaders(), record);
            assertThat(receiver().deserialize(topic, new RecordHeaders(), sent)).isEqualTo(Received.readable(image));
        }
    }

    @Test
    void bothEncodingsAreReadWhicheverIsWritten() {
        byte[] encoded = FORMAT.encode(image);
        byte[] numbered = values().serialize(topic, encoded);
        for (Deserializer<Received<IncomingImage>> reader : List.of(receiver(), FORMAT.receiver())) {
            assertThat(reader.deserialize(topic, new RecordHeaders(), encoded)).isEqualTo(Received.readable(image));
            // as every producer of ours sends it: who has no registry reads it by its header
            assertThat(reader.deserialize(topic, header(encoded), numbered)).isEqualTo(Received.readable(image));
        }
    }

    @Test
    void aNumberThatTheRegistryDoesNotHaveIsUnreadableAndThrowsNothing() {
        byte[] sent = values().serialize(topic, FORMAT.encode(image));
        ByteBuffer.wrap(sent).putInt(1, 999_999);
        Received<IncomingImage> received = receiver().deserialize(topic, new RecordHeaders(), sent);
        assertThat(received.isReadable()).isFalse();
        assertThat(received.failure()).contains("999999").contains(url());
        assertThat(received.raw()).isEqualTo(sent);
    }

    @Test
    void nobodyElsesSchemaIsTakenForOurs() {
        Schema other = new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"other.Thing\",\"fields\":[]}");
        int number = SchemaRegistry.of(settings()).orElseThrow().register(topic, other);
        byte[] sent = ByteBuffer.allocate(5).put((byte) 0).putInt(number).array();
        assertThat(receiver().deserialize(topic, new RecordHeaders(), sent).failure()).contains("IncomingImage");
    }

    @Test
    void anAddressThatIsNoneIsOneError() {
        assertThatThrownBy(() -> SchemaRegistry.of(Map.of(SchemaRegistry.URL, "registry:8080")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("schema.registry.url: 'registry:8080'")
                .hasMessageContaining("allowed:");
    }

    Map<String, String> settings() {
        return Map.of(SchemaRegistry.URL, url(), "apicurio.registry.retry-backoff-ms", "1", "bootstrap.servers", "nowhere:1");
    }

    EncodedValues values() {
        return new EncodedValues(SchemaRegistry.of(settings()));
    }

    Deserializer<Received<IncomingImage>> receiver() {
        Deserializer<Received<IncomingImage>> receiver = FORMAT.receiver();
        receiver.configure(settings(), false);
        return receiver;
    }

    private Map<String, Object> apicurio() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("apicurio.registry.url", url());
        settings.put("apicurio.registry.http.adapter", "JDK");
        settings.put("apicurio.registry.auto-register", true);
        return settings;
    }

    private static RecordHeaders header(byte[] encoded) {
        ProducerRecord<Object, Object> record = new ProducerRecord<>("topic", encoded);
        try (WriterSchemaHeader interceptor = new WriterSchemaHeader()) {
            return (RecordHeaders) interceptor.onSend(record).headers();
        }
    }

    private GenericRecord generic() {
        GenericRecord record = new GenericData.Record(IncomingImage.getClassSchema());
        IncomingImage.getClassSchema().getFields().forEach(field -> record.put(field.name(), plain(field.name())));
        return record;
    }

    /** As a program has it that knows no classes of ours. */
    private Object plain(String field) {
        return image.get(IncomingImage.getClassSchema().getField(field).pos());
    }

    IncomingImage image() {
        return image;
    }

    String topic() {
        return topic;
    }

    static IncomingImage image(Random random) {
        byte[] pixels = new byte[28 * 28];
        random.nextBytes(pixels);
        return IncomingImage.newBuilder().setPixels(ByteBuffer.wrap(pixels)).setHeight(28).setWidth(28).setChannels(1).setLabel(7)
                .setSource("north.png").build();
    }
}

package io.sparring.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;

class SchemaRegistryTest {

    private static final WireFormat<IncomingImage> FORMAT = WireFormat.of(IncomingImage.class);
    private static final String TOPIC = "tiny.incoming-images";
    private static final SchemaRegistry ALWAYS_SEVEN = new SchemaRegistry() {
        @Override
        public int register(String topic, Schema schema) {
            return 7;
        }

        @Override
        public String schema(int number) {
            throw new IllegalArgumentException("nobody asks");
        }
    };

    private final IncomingImage image = IncomingImage.newBuilder().setPixels(ByteBuffer.wrap(new byte[] {1, 2})).setHeight(2)
            .setWidth(1).setChannels(1).setLabel(3).build();
    private final byte[] encoded = FORMAT.encode(image);
    private final byte[] numbered = new EncodedValues(Optional.of(ALWAYS_SEVEN)).serialize(TOPIC, encoded);

    @Test
    void noneIsNeededAndThenNothingIsChanged() {
        assertThat(SchemaRegistry.of(Map.of("bootstrap.servers", "nowhere:1"))).isEmpty();
        assertThat(new EncodedValues(Optional.empty()).serialize(TOPIC, encoded)).isSameAs(encoded);
    }

    @Test
    void withoutTheModuleTheSettingIsAnErrorThatSaysHowToGetIt() {
        assertThatThrownBy(() -> SchemaRegistry.of(Map.of(SchemaRegistry.URL, "http://registry:8080")))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("schema.registry.url: 'http://registry:8080' needs the module "
                        + "registry, which is not on the class path; allowed: no schema.registry.url, or a build with it: "
                        + "SPARRING_BUILD_OPTIONS=-Dregistry");
    }

    @Test
    void theNumberTakesThePlaceOfTheFingerprint() {
        assertThat(numbered).startsWith(0, 0, 0, 0, 7).hasSize(encoded.length - 5);
        assertThat(ByteBuffer.wrap(numbered, 5, numbered.length - 5))
                .isEqualTo(ByteBuffer.wrap(encoded, 10, encoded.length - 10));
    }

    @Test
    void whoHasNoRegistryReadsItByItsHeader() {
        assertThat(FORMAT.receiver().deserialize(TOPIC, header(encoded), numbered)).isEqualTo(Received.readable(image));
        ByteBuffer inside = ByteBuffer.allocate(numbered.length + 3).position(3).put(numbered).flip().position(3);
        assertThat(FORMAT.receiver().deserialize(TOPIC, header(encoded), inside)).isEqualTo(Received.readable(image));
        assertThat(inside.position()).isEqualTo(3);
    }

    @Test
    void withNeitherItIsUnreadableAndSaysWhatIsMissing() {
        Received<IncomingImage> received = FORMAT.receiver().deserialize(TOPIC, new RecordHeaders(), numbered);
        assertThat(received.failure()).contains("schema 7").contains("sparring-schema").contains("schema.registry.url");
        assertThat(received.raw()).isEqualTo(numbered);
        assertThat(FORMAT.receiver().deserialize(TOPIC, numbered).isReadable()).isFalse();
    }

    @Test
    void checkpointsAreNeitherNumberedNorReadSo() {
        Deserializer<Received<Checkpoint>> checkpoints = WireFormat.of(Checkpoint.class).receiver();
        Received<Checkpoint> received = checkpoints.deserialize("tiny.checkpoints", header(encoded), numbered);
        assertThat(received.isReadable()).isFalse();
        assertThat(received.failure()).contains("single-object");
    }

    @Test
    void damageIsUnreadableWhateverItsHeaderSays() {
        for (int length = 0; length < numbered.length; length++) {
            byte[] damaged = Arrays.copyOf(numbered, length);
            assertThat(FORMAT.receiver().deserialize(TOPIC, header(encoded), damaged).isReadable()).as("%d bytes", length).isFalse();
        }
        Headers other = header(WireFormat.of(ImageBatch.class).encode(WireFormatTest.batch(new Random(1), 2, 2, 1)));
        assertThat(FORMAT.receiver().deserialize(TOPIC, other, numbered).failure()).contains("IncomingImage");
    }

    /** As our producers put it on. */
    private static Headers header(byte[] encoded) {
        try (WriterSchemaHeader interceptor = new WriterSchemaHeader()) {
            return interceptor.onSend(new ProducerRecord<>(TOPIC, encoded)).headers();
        }
    }
}

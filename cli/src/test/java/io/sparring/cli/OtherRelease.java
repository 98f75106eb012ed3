package io.sparring.cli;

import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WriterSchemaHeader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** Makes what a service writes look as another release would have written it, its header included. */
public abstract class OtherRelease implements ProducerInterceptor<Object, Object>, ConsumerInterceptor<Object, Object> {

    private final boolean header;
    private final Map<String, Release> releases = new HashMap<>();

    /** How records of one kind are read by this release and written by the other. */
    private record Release(BinaryMessageDecoder<GenericRecord> decoder, BinaryMessageEncoder<GenericRecord> encoder,
            Schema schema) {

        byte[] rewrite(byte[] value) throws IOException {
            ByteBuffer bytes = encoder.encode(decoder.decode(value));
            byte[] exact = new byte[bytes.remaining()];
            bytes.get(exact);
            return exact;
        }
    }

    /** @param header whether the other release puts the writer's schema on its records */
    OtherRelease(boolean header) {
        this.header = header;
    }

    /** What records of this kind are written with there. */
    abstract Schema schema(Schema today);

    /** A release of which this one has never heard. */
    public static final class Later extends OtherRelease {

        public Later() {
            super(true);
            add("clean-batches", ImageBatch.class);
            add("held-out-batches", ImageBatch.class);
            add("adversarial-batches", AdversarialBatch.class);
            add("model-updates", ModelUpdate.class);
            add("training-steps", TrainingStep.class);
        }

        @Override
        Schema schema(Schema today) {
            List<Schema.Field> fields = new ArrayList<>();
            today.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
            fields.add(1, new Schema.Field("later", Schema.create(Schema.Type.STRING), "Not known yet", "nothing"));
            return Schema.createRecord(today.getName(), today.getDoc(), today.getNamespace(), false, fields);
        }
    }

    /** The first release, which knew neither norms nor headers. */
    public static final class First extends OtherRelease {

        public First() {
            super(false);
            add("adversarial-batches", AdversarialBatch.class);
        }

        @Override
        Schema schema(Schema today) {
            try (InputStream text = AdversarialBatch.class.getResourceAsStream("history/" + today.getName() + ".1.avsc")) {
                return new Schema.Parser().parse(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    final void add(String topic, Class<?> type) {
        Schema today = SpecificData.get().getSchema(type);
        Schema other = schema(today);
        GenericData model = new GenericData();
        BinaryMessageDecoder<GenericRecord> decoder = new BinaryMessageDecoder<>(model, other);
        decoder.addSchema(today);
        releases.put(topic, new Release(decoder, new BinaryMessageEncoder<>(model, other), other));
    }

    @Override
    public ProducerRecord<Object, Object> onSend(ProducerRecord<Object, Object> record) {
        Release release = releases.get(record.topic().substring(record.topic().lastIndexOf('.') + 1));
        if (release == null) {
            return record;
        }
        try {
            ProducerRecord<Object, Object> rewritten = new ProducerRecord<>(record.topic(), record.partition(), record.key(),
                    release.rewrite((byte[]) record.value()));
            if (header) {
                rewritten.headers().add(WriterSchemaHeader.NAME,
                        SchemaNormalization.toParsingForm(release.schema()).getBytes(StandardCharsets.UTF_8));
            }
            return rewritten;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
        return records;
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    }

    @Override
    public void configure(Map<String, ?> settings) {
    }

    @Override
    public void close() {
    }
}

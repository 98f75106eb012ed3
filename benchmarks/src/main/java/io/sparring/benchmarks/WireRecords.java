package io.sparring.benchmarks;

import io.sparring.benchmarks.RealBatches.Sample;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.PerturbationNorm;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.Split;
import io.sparring.schemas.WireFormat;
import io.sparring.schemas.WriterSchemaHeader;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.LongSerializer;

/** The two records of a batch, as a run's producer and attacker write them. */
final class WireRecords {

    private static final WireFormat<ImageBatch> CLEAN = WireFormat.of(ImageBatch.class);
    private static final WireFormat<AdversarialBatch> ADVERSARIAL = WireFormat.of(AdversarialBatch.class);
    private static final String PLATFORM = "linux-x86_64, TensorFlow 2.16.1, cpu, float32, 1 thread, avx avx2 fma sse4_1";

    private WireRecords() {
    }

    static ImageBatch clean(Sample sample) {
        ByteBuffer pixels = ByteBuffer.wrap(sample.batch().pixels());
        List<Integer> labels = Arrays.stream(sample.batch().labels()).boxed().toList();
        return new ImageBatch(sample.batch().number(), Split.TRAINING, sample.batch().epoch(),
                StepNetwork.GEOMETRY.height(), StepNetwork.GEOMETRY.width(), StepNetwork.GEOMETRY.channels(),
                StepNetwork.GEOMETRY.classes(), labels, pixels, Sha256.of(pixels, labels), Instant.ofEpochMilli(0), null, null);
    }

    static AdversarialBatch adversarial(Sample sample) {
        Crafted crafted = new Crafted(0, sample.step(), "training", StepImages.EPSILON, StepImages.STEP_SIZE, RealBatches.BOUND,
                sample.batch().number() * 0x9E3779B97F4A7C15L, ByteBuffer.wrap(sample.perturbation()), clean(sample).getSha256(),
                0.9f, 2.3f, 2.5f, PerturbationNorm.LINF, null, PLATFORM);
        return new AdversarialBatch(sample.batch().number(), "attacker-1", crafted, Instant.ofEpochMilli(0));
    }

    static byte[] encodedClean(Sample sample) {
        return CLEAN.encode(clean(sample));
    }

    static byte[] encodedAdversarial(Sample sample) {
        return ADVERSARIAL.encode(adversarial(sample));
    }

    /** What the log and each request hold of a record that is sent alone: with key, headers and the batch's own head. */
    static int onTheWire(long key, byte[] value, Compression compression) {
        ProducerRecord<Object, Object> record = new WriterSchemaHeader().onSend(new ProducerRecord<>("topic", key, value));
        return MemoryRecords.withRecords(compression, new SimpleRecord(0, new LongSerializer().serialize("topic", key), value,
                record.headers().toArray())).sizeInBytes();
    }
}

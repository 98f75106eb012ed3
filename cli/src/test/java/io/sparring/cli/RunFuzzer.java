package io.sparring.cli;

import io.sparring.pipeline.BatchCheck;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.IncomingImage;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Received;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunRecord;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes random and mutated records to the topics of a run.
 *
 * <p>Left out is what no reader could tell from the writer's own, where ACLs are what keeps others from writing: an image batch
 * with all that its digest covers, its geometry, key and partition right, but another number, epoch or time; an incoming image of
 * the run's size with a label of one of its classes, which is one; an update or a
 * checkpoint whose weights have the digest it names, under its key; a training step under its key of a batch that has been
 * sent; an evaluation or a report of another number under its key; and a control or rollback of the run, which would be
 * obeyed. Exact copies of such records are written.
 */
final class RunFuzzer implements AutoCloseable {

    /** A record that was written. */
    record Sent(RunTopic topic, int partition, long offset, byte[] key, byte[] value, boolean copy) {
    }

    private static final int GEOMETRY = 8;

    private final RunSpecification run;
    private final RawLog log;
    private final Random random;
    private final Producer<byte[], byte[]> producer;
    private final Map<RunTopic, List<ConsumerRecord<byte[], byte[]>>> real = new EnumMap<>(RunTopic.class);
    private final Set<String> own = new HashSet<>();
    private final List<Sent> sent = new ArrayList<>();

    RunFuzzer(KafkaSettings kafka, RunSpecification run, long seed) {
        this.run = run;
        this.log = new RawLog(kafka, run.run());
        this.random = new Random(seed);
        this.producer = kafka.producer(new ByteArraySerializer());
    }

    /** All that was written up to now. */
    List<Sent> sent() {
        return sent;
    }

    /** Whether the record is one of those written. */
    boolean wrote(ConsumerRecord<byte[], byte[]> record) {
        return own.contains(record.topic() + "/" + record.partition() + "/" + record.offset());
    }

    /** Reads what the run has written by now, to mutate it. */
    void look() {
        for (RunTopic topic : RunTopic.values()) {
            List<ConsumerRecord<byte[], byte[]>> records = log.read(topic).stream().filter(record -> !wrote(record)).toList();
            real.put(topic, records.subList(Math.max(0, records.size() - 60), records.size()));
        }
    }

    /** Writes so many records, each to a topic drawn by chance. */
    void write(int count) throws Exception {
        List<Sent> written = new ArrayList<>();
        List<Future<RecordMetadata>> offsets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RunTopic topic = RunTopic.values()[random.nextInt(RunTopic.values().length)];
            List<ConsumerRecord<byte[], byte[]>> there = real.get(topic);
            ConsumerRecord<byte[], byte[]> base = there.isEmpty() ? null : there.get(random.nextInt(there.size()));
            boolean copy = base != null && random.nextInt(6) == 0;
            byte[] value = copy ? base.value() : value(topic, base);
            byte[] key = copy ? base.key() : key(topic, base);
            int partition = copy ? base.partition() : partition(topic, key);
            if (copy || !deceives(topic, partition, key, value)) {
                offsets.add(producer.send(new ProducerRecord<>(topic.of(run.run()), partition, key, value)));
                written.add(new Sent(topic, partition, -1, key, value, copy));
            }
        }
        producer.flush();
        for (int i = 0; i < written.size(); i++) {
            Sent record = written.get(i);
            long offset = offsets.get(i).get().offset();
            own.add(record.topic().of(run.run()) + "/" + record.partition() + "/" + offset);
            sent.add(new Sent(record.topic(), record.partition(), offset, record.key(), record.value(), record.copy()));
        }
    }

    private int partition(RunTopic topic, byte[] key) {
        int partitions = topic.partitions(run.partitions());
        boolean right = key != null && key.length == Long.BYTES && random.nextInt(5) > 0;
        return right ? Math.floorMod(ByteBuffer.wrap(key).getLong(), partitions) : random.nextInt(partitions);
    }

    private byte[] key(RunTopic topic, ConsumerRecord<byte[], byte[]> base) {
        return switch (random.nextInt(8)) {
            // brokers refuse it themselves where a topic is compacted
            case 0 -> compacted(topic) ? new byte[0] : null;
            case 1 -> number(-1 - random.nextInt(100));
            case 2 -> number(random.nextLong());
            case 3 -> number(random.nextInt((int) run.data().batches() + 20));
            case 4 -> bytes(random.nextInt(20));
            default -> base == null ? number(random.nextInt(100)) : base.key();
        };
    }

    private static boolean compacted(RunTopic topic) {
        return topic.kept() == RunTopic.Kept.COMPACTED || topic.kept() == RunTopic.Kept.COMPACTED_BY_TIME;
    }

    private byte[] value(RunTopic topic, ConsumerRecord<byte[], byte[]> base) {
        if (base == null || base.value() == null || base.value().length < 12) {
            return bytes(random.nextInt(300));
        }
        byte[] value = base.value();
        return switch (random.nextInt(9)) {
            case 0 -> bytes(random.nextInt(300));
            case 1 -> Arrays.copyOf(value, random.nextInt(value.length));
            case 2, 3 -> flipped(value);
            case 4 -> spliced(value, any());
            case 5 -> any();
            case 6 -> null;
            case 7 -> ByteBuffer.allocate(30).put(value, 0, 10 + random.nextInt(2))
                    .put(new byte[] {-2, -1, -1, -1, -1, -1, -1, -1, -1, 1}).array();
            default -> damaged(topic, value);
        };
    }

    /** One that can be read, and says what cannot be. */
    private byte[] damaged(RunTopic topic, byte[] value) {
        try {
            if (topic == RunTopic.CLEAN_BATCHES || topic == RunTopic.HELD_OUT_BATCHES) {
                ImageBatch.Builder batch = ImageBatch.newBuilder(decode(ImageBatch.class, value));
                return WireFormat.of(ImageBatch.class).encode(switch (random.nextInt(4)) {
                    case 0 -> batch.setHeight(GEOMETRY / 2).setWidth(2 * GEOMETRY).build();
                    case 1 -> batch.setSha256("0".repeat(64)).build();
                    case 2 -> batch.setClasses(1).build();
                    default -> batch.setPixels(ByteBuffer.allocate(7)).build();
                });
            }
            if (topic == RunTopic.ADVERSARIAL_BATCHES
                    && decode(AdversarialBatch.class, value).getResult() instanceof Crafted crafted) {
                Crafted.Builder bad = Crafted.newBuilder(crafted);
                AdversarialBatch batch = decode(AdversarialBatch.class, value);
                Crafted damaged = switch (random.nextInt(4)) {
                    case 0 -> bad.setEpsilon(Float.NaN).build();
                    case 1 -> bad.setStep(-5).build();
                    case 2 -> bad.setCleanSha256("0".repeat(64)).build();
                    default -> bad.setPerturbation(ByteBuffer.wrap(bytes(crafted.getPerturbation().remaining()))).build();
                };
                return WireFormat.of(AdversarialBatch.class).encode(
                        AdversarialBatch.newBuilder(batch).setResult(damaged).build());
            }
        } catch (IllegalArgumentException e) {
            return flipped(value);
        }
        return flipped(value);
    }

    private boolean deceives(RunTopic topic, int partition, byte[] key, byte[] value) {
        if (value == null) {
            return false;
        }
        String name = key == null ? "" : new String(key, StandardCharsets.UTF_8);
        long number = key != null && key.length == Long.BYTES ? ByteBuffer.wrap(key).getLong() : -1;
        try {
            return switch (topic) {
                case CLEAN_BATCHES, HELD_OUT_BATCHES -> {
                    ImageBatch batch = decode(ImageBatch.class, value);
                    yield BatchCheck.problem(new ConsumerRecord<>("", 0, 0, number, Received.readable(batch))).isEmpty()
                            && number % run.partitions() == partition && batch.getHeight() == GEOMETRY
                            && batch.getWidth() == GEOMETRY && batch.getClasses() == MadeDataSet.CLASSES;
                }
                case INCOMING_IMAGES -> {
                    IncomingImage image = decode(IncomingImage.class, value);
                    yield image.getHeight() == GEOMETRY && image.getWidth() == GEOMETRY && image.getChannels() == 1
                            && image.getPixels().remaining() == GEOMETRY * GEOMETRY && image.getLabel() >= 0
                            && image.getLabel() < MadeDataSet.CLASSES;
                }
                case MODEL_UPDATES -> {
                    ModelUpdate chunk = decode(ModelUpdate.class, value);
                    yield name.equals(chunk.getIncarnation() + "/" + chunk.getStep())
                            && whole(chunk.getBytes(), chunk.getSha256());
                }
                case CHECKPOINTS -> {
                    Checkpoint chunk = decode(Checkpoint.class, value);
                    yield name.equals(chunk.getIncarnation() + "/" + chunk.getStep())
                            && whole(chunk.getBytes(), chunk.getSha256());
                }
                case TRAINING_STEPS -> decode(TrainingStep.class, value).getBatchNumber() == number;
                case EVALUATIONS -> {
                    Evaluation fact = decode(Evaluation.class, value);
                    yield name.equals(fact.getIncarnation() + "/" + fact.getStep() + "/" + fact.getAttack() + "/"
                            + fact.getSlice());
                }
                case ROBUSTNESS -> decode(Robustness.class, value) != null;
                case RUNS -> decode(RunRecord.class, value) != null
                        && (name.equals(run.run() + "/control") || name.equals(run.run() + "/rollback"));
                default -> false;
            };
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean whole(ByteBuffer piece, String sha256) {
        byte[] bytes = new byte[piece.remaining()];
        piece.duplicate().get(bytes);
        return Sha256.of(bytes).equals(sha256);
    }

    static <T extends SpecificRecord> T decode(Class<T> type, byte[] value) {
        return WireFormat.of(type).decode(ByteBuffer.wrap(value));
    }

    private byte[] any() {
        List<byte[]> values = real.values().stream().flatMap(List::stream).map(ConsumerRecord::value)
                .filter(value -> value != null).toList();
        return values.get(random.nextInt(values.size()));
    }

    private byte[] flipped(byte[] value) {
        byte[] flipped = value.clone();
        for (int i = 0; i <= random.nextInt(8); i++) {
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private byte[] spliced(byte[] head, byte[] tail) {
        byte[] first = Arrays.copyOf(head, random.nextInt(head.length));
        byte[] second = Arrays.copyOfRange(tail, random.nextInt(tail.length + 1), tail.length);
        return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /** Topic, partition and offset, as dead letters have them. */
    static String origin(RunSpecification run, Sent record) {
        return new DeadLetter.Origin(new TopicPartition(record.topic().of(run.run()), record.partition()), record.offset())
                .toString();
    }

    @Override
    public void close() {
        producer.close();
    }
}

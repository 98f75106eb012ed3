package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.pipeline.DeadLetters;
import io.sparring.pipeline.LogConsumer;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.StatusBoard;
import io.sparring.pipeline.Tracing;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.IncomingImage;
import io.sparring.schemas.Received;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.Test;

class IncomingBatchesTest {

    private static final int SEEDS = 100;
    private static final String CLEAN = "tiny.clean-batches";
    private static final String TOPIC = "tiny.incoming-images";
    private static final WireFormat<ImageBatch> BATCH = WireFormat.of(ImageBatch.class);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LogConsumer<Long, Received<IncomingImage>> incoming = new LogConsumer<>(TOPIC);
    private final AtomicLong waiting = new AtomicLong();
    private final List<Long> numbered = new ArrayList<>();
    private OptionalLong now = OptionalLong.empty();
    private long nanos;
    private MockProducer<Long, byte[]> producer = producer();

    @Test
    void fullBatchesInOrderOfArrivalAndNoOthers() {
        BatchStream stream = stream(incomingRun(Map.of()), OptionalLong.empty(), 0, 1, 2);
        append(0, 23);
        assertThat(stream.send(100)).isEqualTo(2);
        nanos += TimeUnit.SECONDS.toNanos(1);
        assertThat(stream.send(100)).isZero();
        assertThat(waiting).hasValue(3);
        append(100, 150);
        nanos += TimeUnit.SECONDS.toNanos(1);
        assertThat(stream.send(0)).as("with batches enough").isZero();
        assertThat(waiting).hasValue(53);
        assertThat(indices(batch(0))).containsExactlyElementsOf(range(0, 10));
        assertThat(indices(batch(1))).containsExactlyElementsOf(range(10, 20));
        assertThat(batch(0).getIncomingNext()).isEqualTo(10);
        assertThat(batch(1)).extracting(ImageBatch::getIncomingNext, ImageBatch::getEpoch, ImageBatch::getBatchNumber)
                .containsExactly(20L, 0L, 1L);
        assertThat(numbered).as("whoever reads what is committed may not see it yet").isEmpty();
        assertThat(stream.send(3)).isOne();
        assertThat(numbered).containsExactly(20L);
        assertThat(indices(batch(2))).containsExactly(20, 21, 22, 100, 101, 102, 103, 104, 105, 106);
        assertThat(producer.history()).extracting(ProducerRecord::partition).containsExactly(0, 1, 2);
    }

    @Test
    void nothingIsSentBeyondTheLimit() {
        BatchStream stream = stream(incomingRun(Map.of()), OptionalLong.empty(), 0, 1, 2);
        append(0, 200);
        assertThat(stream.send(3)).isEqualTo(3);
        assertThat(stream.send(3)).isZero();
        assertThat(stream.send(100)).isEqualTo(BatchStream.TRANSACTION);
    }

    @Test
    void aBatchIsSentWithWhatThereIsOnceItsFirstImageHasWaited() {
        BatchStream stream = stream(incomingRun(Map.of("data.fillSeconds", "5")), OptionalLong.empty(), 0, 1, 2);
        append(0, 3);
        assertThat(stream.send(100)).isZero();
        nanos += TimeUnit.SECONDS.toNanos(4);
        append(3, 4);
        assertThat(stream.send(100)).isZero();
        nanos += TimeUnit.SECONDS.toNanos(1);
        assertThat(stream.send(100)).isOne();
        assertThat(indices(batch(0))).containsExactly(0, 1, 2, 3);
        assertThat(batch(0).getIncomingNext()).isEqualTo(4);
        nanos += TimeUnit.SECONDS.toNanos(60);
        assertThat(stream.send(100)).as("no images").isZero();
    }

    @Test
    void whatCannotBeUsedIsALetterAtOnceAndTheStreamGoesOn() {
        BatchStream stream = stream(incomingRun(Map.of()), OptionalLong.empty(), 0, 1, 2);
        List<Received<IncomingImage>> bad = bad();
        bad.forEach(each -> incoming.append(0, null, each));
        assertThat(stream.send(100)).isZero();
        assertThat(producer.history()).extracting(ProducerRecord::topic).containsOnly("tiny.dead-letters").hasSize(bad.size());
        assertThat(producer.history()).extracting(letter -> DeadLetters.text(letter.headers(), DeadLetters.REASON).orElseThrow())
                .containsExactly("the record is empty; allowed: an IncomingImage", "damaged",
                        "image: 2 x 1 x 1; allowed: the run's, 1 x 2 x 1", "image: 1 x 2 x 3; allowed: the run's, 1 x 2 x 1",
                        "pixels: 3 bytes; allowed: 1 x 2 x 1 = 2", "label: 10; allowed: 0 to 9", "label: -1; allowed: 0 to 9");
        assertThat(meters.get("sparring.dead.letters").tag("topic", TOPIC).counter().count()).isEqualTo(bad.size());
        append(0, 10);
        assertThat(stream.send(100)).isOne();
        assertThat(producer.history()).hasSize(bad.size() + 1);
    }

    @Test
    void theAugmentationIsAFunctionOfSeedAndNumber() {
        RunSpecification run = incomingRun(Map.of("data.flip", "true", "objective.name", "consistency"));
        append(0, 40);
        stream(run, OptionalLong.empty(), 0, 1, 2).send(4);
        List<byte[]> once = producer.history().stream().map(ProducerRecord::value).toList();
        producer = producer();
        stream(run, OptionalLong.of(20), 3, 4, 2).send(4);
        assertThat(producer.history()).extracting(ProducerRecord::value).containsExactly(once.get(2), once.get(3));
        ImageBatch batch = BATCH.decode(ByteBuffer.wrap(once.get(2)));
        assertThat(batch.getSecondPixels()).isNotNull().isNotEqualTo(batch.getPixels());
    }

    @Test
    void imagesThatAreGoneBeforeTheyHaveANumberAreAnError() {
        append(0, 20);
        incoming.trim(0, 12);
        BatchStream stream = stream(incomingRun(Map.of()), OptionalLong.of(10), 3, 1, 2);
        assertThatIllegalStateException().isThrownBy(() -> stream.send(100)).withMessageStartingWith(
                "lost position: tiny.incoming-images-0 offset 10 is wanted, the first is 12, the end 20");
        now = OptionalLong.of(10);
        assertThatIllegalStateException().as("so says the log").isThrownBy(() -> stream.send(100));
        now = OptionalLong.of(20);
        assertThatThrownBy(() -> stream.send(100)).isInstanceOf(ProducerFencedException.class)
                .hasMessage("another producer of the run has "
                + "made batches of the images from offset 10 of tiny.incoming-images-0 on");
        assertThatIllegalStateException().isThrownBy(() -> new StreamPosition(new long[] {3, 1, 2}, OptionalLong.empty())
                .requireIncoming(TOPIC)).withMessageStartingWith("lost position: ");
        new StreamPosition(new long[] {0, 1, 2}, OptionalLong.empty()).requireIncoming(TOPIC);
    }

    /** It dies in a send, before a commit or after it, again and again, and is started again where the topics say. */
    @Test
    void aProducerThatIsKilledAnywhereNumbersEachImageOnce() {
        int deaths = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            deaths += new Crashes(seed).run();
        }
        assertThat(deaths).isGreaterThan(SEEDS * 3);
    }

    /** A run whose producers die. */
    private final class Crashes {

        private final int seed;
        private final Random random;
        private final RunSpecification run;
        private final List<Received<IncomingImage>> written = new ArrayList<>();
        private final List<ProducerRecord<Long, byte[]>> committed = new ArrayList<>();
        private int images;
        private long trimmed;
        private int deaths;

        Crashes(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.run = incomingRun(Map.of("data.batchSize", Integer.toString(1 + random.nextInt(7)),
                    "data.fillSeconds", random.nextInt(3) == 0 ? "1" : "0"));
        }

        int run() {
            for (int life = 0; life < 12; life++) {
                live(life == 11);
            }
            assertThat(numbers()).as("seed %d", seed).isEqualTo(new TreeSet<>(range(0, numbers().size())));
            List<Integer> all = committed.stream().filter(record -> record.topic().equals(CLEAN))
                    .sorted(Comparator.comparing(ProducerRecord::key))
                    .flatMap(record -> indices(BATCH.decode(ByteBuffer.wrap(record.value()))).stream()).toList();
            assertThat(all).as("seed %d", seed).isEqualTo(range(0, all.size()));
            assertThat(images - all.size()).as("seed %d: images that do not fill a batch", seed)
                    .isLessThan(run.data().fillSeconds() > 0 ? 1 : run.data().batchSize());
            return deaths;
        }

        private TreeSet<Integer> numbers() {
            TreeSet<Integer> numbers = new TreeSet<>();
            committed.stream().filter(record -> record.topic().equals(CLEAN)).forEach(record -> assertThat(
                    numbers.add(record.key().intValue())).as("seed %d, batch %d", seed, record.key()).isTrue());
            return numbers;
        }

        private void live(boolean inPeace) {
            LogConsumer<Long, Received<ImageBatch>> clean = new LogConsumer<>(CLEAN, TinyRun.PARTITIONS, 16);
            committed.stream().filter(record -> record.topic().equals(CLEAN)).forEach(record -> clean.append(record.partition(),
                    record.key(), Received.readable(BATCH.decode(ByteBuffer.wrap(record.value())))));
            StreamPosition position = StreamPosition.of(clean, CLEAN, TinyRun.PARTITIONS, () -> false);
            position.requireIncoming(TOPIC);
            LogConsumer<Long, Received<IncomingImage>> consumer = new LogConsumer<>(TOPIC);
            written.forEach(each -> consumer.append(0, null, each));
            consumer.trim(0, trimmed);
            MortalProducer mortal = new MortalProducer(inPeace ? null : random);
            mortal.initTransactions();
            IncomingImages reader = new IncomingImages(consumer, TOPIC, position.incomingNext(), new ExpectedImages(1, 2, 1, 10),
                    OptionalLong::empty, new DeadLetters("tiny", meters), waiting, () -> nanos);
            BatchStream stream = new BatchStream(mortal, new IncomingBatches(run, reader, records(run), next -> trimmed = next),
                    position.next(), new StatusBoard(new SettableClock(), meters), Tracing.OFF);
            try {
                for (int turn = 0; turn < 6; turn++) {
                    arrive(consumer, inPeace ? 0 : random.nextInt(9));
                    nanos += TimeUnit.MILLISECONDS.toNanos(random.nextInt(900) + 200);
                    stream.send(Long.MAX_VALUE);
                }
                while (inPeace && stream.send(Long.MAX_VALUE) > 0) {
                    nanos += TimeUnit.SECONDS.toNanos(2);
                }
            } catch (Killed e) {
                deaths++;
            }
            committed.addAll(mortal.history());
        }

        private void arrive(LogConsumer<Long, Received<IncomingImage>> consumer, int count) {
            for (int i = 0; i < count; i++) {
                List<Received<IncomingImage>> bad = bad();
                Received<IncomingImage> one = random.nextInt(5) == 0 ? bad.get(random.nextInt(bad.size())) : image(images++);
                written.add(one);
                consumer.append(0, null, one);
            }
        }
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static final class MortalProducer extends MockProducer<Long, byte[]> {

        private final Random random;

        MortalProducer(Random random) {
            super(true, null, new LongSerializer(), new ByteArraySerializer());
            this.random = random;
        }

        private void perhapsDie() {
            if (random != null && random.nextInt(12) == 0) {
                throw new Killed();
            }
        }

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<Long, byte[]> record) {
            perhapsDie();
            return super.send(record);
        }

        @Override
        public void commitTransaction() {
            perhapsDie();
            super.commitTransaction();
            perhapsDie();
        }
    }

    private static MockProducer<Long, byte[]> producer() {
        MockProducer<Long, byte[]> made = new MockProducer<>(true, null, new LongSerializer(), new ByteArraySerializer());
        made.initTransactions();
        return made;
    }

    private static RunSpecification incomingRun(Map<String, String> options) {
        Map<String, String> all = new HashMap<>(Map.of("data.source", "incoming", "data.cropPadding", "0", "data.flip", "false",
                "data.heldOutImages", "2"));
        all.putAll(options);
        return TinyRun.with(all);
    }

    private static BatchRecords records(RunSpecification run) {
        LabeledImages few = MadeImages.of(1, 2, 1, 2, 1);
        return new BatchRecords(run, new DataSet("made", IntStream.range(0, 10).mapToObj(Integer::toString).toList(), few, few),
                new SettableClock());
    }

    private BatchStream stream(RunSpecification run, OptionalLong from, long... next) {
        IncomingImages images = new IncomingImages(incoming, TOPIC, from, new ExpectedImages(1, 2, 1, 10),
                () -> now, new DeadLetters("tiny", meters), waiting, () -> nanos);
        return new BatchStream(producer, new IncomingBatches(run, images, records(run), numbered::add), next,
                new StatusBoard(new SettableClock(), meters), Tracing.OFF);
    }

    private void append(int from, int to) {
        range(from, to).forEach(index -> incoming.append(0, null, image(index)));
    }

    private static List<Received<IncomingImage>> bad() {
        List<Received<IncomingImage>> bad = new ArrayList<>();
        bad.add(null);
        bad.add(Received.unreadable(new byte[] {1, 2}, "damaged"));
        bad.add(image(0, 2, 1, 1, 2));
        bad.add(image(0, 1, 2, 3, 6));
        bad.add(image(0, 1, 2, 1, 3));
        bad.add(image(10, 1, 2, 1, 2));
        bad.add(image(-1, 1, 2, 1, 2));
        return bad;
    }

    private static Received<IncomingImage> image(int label, int height, int width, int channels, int bytes) {
        return Received.readable(new IncomingImage(label, height, width, channels, ByteBuffer.allocate(bytes), null));
    }

    /** One whose pixels tell its index. */
    private static Received<IncomingImage> image(int index) {
        return Received.readable(new IncomingImage(index % 10, 1, 2, 1,
                ByteBuffer.wrap(new byte[] {(byte) (index >> 8), (byte) index}), "image " + index));
    }

    private ImageBatch batch(int place) {
        return BATCH.decode(ByteBuffer.wrap(producer.history().get(place).value()));
    }

    private static List<Integer> indices(ImageBatch batch) {
        List<Integer> indices = new ArrayList<>();
        for (int image = 0; image < batch.getLabels().size(); image++) {
            int index = Short.toUnsignedInt(batch.getPixels().getShort(2 * image));
            assertThat(batch.getLabels().get(image)).isEqualTo(index % 10);
            indices.add(index);
        }
        return indices;
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }
}

package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.pipeline.RunRequests;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.StatusBoard;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import io.sparring.schemas.Refused;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class BatchReaderTest {

    private static final String TOPIC = "tiny.adversarial-batches";
    private static final int STAGED = 8;
    /** So that a test may send more than the few batches of {@link TinyRun}. */
    private static final RunSpecification ENDLESS = TinyRun.with(Map.of("data.batches", "0", "data.lead", "64"));

    private final RecordLog<Long, AdversarialBatch> log = new RecordLog<>(TOPIC, 2, 4);
    private Outcomes outcomes = outcomes(0);
    private final RecordLog<Long, ImageBatch> images = new RecordLog<>("tiny.clean-batches", 2, 4);
    private final List<String> aside = new ArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ServiceContext context = new ServiceContext("trainer-1", new StatusBoard(Clock.systemUTC(), meters), meters,
            () -> RunRequests.NONE, (record, bytes, reason) -> aside.add(reason));

    @Test
    void stagesByNumberWhateverTheOrder() {
        BatchReader<AdversarialBatch> reader = reader(0);
        append(3, 0, 2, 1);
        reader.poll(Duration.ZERO);

        assertThat(reader.size()).isEqualTo(4);
        assertThat(LongStream.range(0, 4).mapToObj(number -> reader.get(number).orElseThrow().offset()))
                .containsExactly(0L, 1L, 1L, 0L);
        assertThat(reader.get(4)).isEmpty();
    }

    @Test
    void theFirstCopyOfANumberWins() {
        BatchReader<AdversarialBatch> reader = reader(0);
        log.append(0, TinyRun.refused(0, "first"));
        log.append(0, TinyRun.refused(0, "second"));
        reader.poll(Duration.ZERO);

        assertThat(reader.size()).isEqualTo(1);
        assertThat(reason(reader, 0)).isEqualTo("first");
        advance(reader, 1);
        log.append(0, TinyRun.refused(0, "third"));
        reader.poll(Duration.ZERO);
        assertThat(reader.get(0)).as("has its outcome").isEmpty();
        assertThat(reader.size()).isZero();
    }

    @Test
    void ignoresWhatIsBelowTheNextBatch() {
        append(0, 1, 2, 3, 4, 5);
        BatchReader<AdversarialBatch> reader = reader(3);
        pollAll(reader);
        assertThat(reader.size()).isEqualTo(3);
        assertThat(reader.get(2)).isEmpty();
        assertThat(reader.get(3)).isPresent();
        assertThat(reader.offsets()).containsExactly(2L, 1L);
    }

    @Test
    void passesOverWhatIsNoRecordOfItsBatch() {
        BatchReader<AdversarialBatch> reader = reader(0);
        log.append(0, 1L, Received.readable(TinyRun.refused(1, "wrong partition")));
        log.append(0, -2L, Received.readable(TinyRun.refused(-2, "negative")));
        log.append(0, null, Received.readable(TinyRun.refused(0, "no key")));
        log.append(0, 0L, Received.unreadable(new byte[1], "damaged"));
        log.append(0, 0L, null);
        log.append(0, TinyRun.refused(0, "good"));
        pollAll(reader);

        assertThat(reader.size()).isEqualTo(1);
        assertThat(reason(reader, 0)).isEqualTo("good");
        assertThat(reader.offsets()).containsExactly(5L, 0L);
    }

    @Test
    void keepsWhatIsUnreadableWhereEveryRecordCounts() {
        BatchReader<ImageBatch> reader = cleanReader(0);
        images.append(0, 0L, Received.unreadable(new byte[1], "damaged"));
        images.append(1, 1L, null);
        reader.poll(Duration.ZERO);
        assertThat(reader.get(0).orElseThrow().value().failure()).isEqualTo("damaged");
        assertThat(reader.get(1).orElseThrow().value().failure()).startsWith("the record is empty");
    }

    @Test
    void pausesAPartitionOfWhichEnoughIsStagedAndAdvancingFreesIt() {
        LongStream.range(0, 20).map(n -> 2 * n).forEach(this::append);
        BatchReader<AdversarialBatch> reader = reader(0);
        pollAll(reader);
        assertThat(reader.size()).isEqualTo(STAGED);
        assertThat(log.paused()).containsExactly(log.partition(0));
        append(1);
        pollAll(reader);
        assertThat(reader.get(1)).as("the other partition goes on").isPresent();

        advance(reader, 1);
        reader.poll(Duration.ZERO);
        assertThat(log.paused()).as("one is gone").isEmpty();
        assertThat(log.position(log.partition(0))).isEqualTo(STAGED + 4);
        advance(reader, 40);
        assertThat(reader.size()).isZero();
        pollAll(reader);
        assertThat(reader.offsets()).containsExactly(20L, 1L);
    }

    /** As attackers that share a queue write: whoever is quick is ahead of whoever is slow, up to the window. */
    @Test
    void keepsTheOrderOfArrival() {
        BatchReader<AdversarialBatch> reader = reader(0);
        append(5, 3);
        reader.poll(Duration.ZERO);
        append(1, 3, 7);
        reader.poll(Duration.ZERO);
        assertThat(reader.numbers()).containsExactly(5L, 3L, 1L, 7L);
        outcomes.add(3);
        reader.remove(3);
        assertThat(reader.numbers()).containsExactly(5L, 1L, 7L);
        assertThat(reader.offsets()).as("5 is still needed").containsExactly(0L, 0L);
        outcomes.add(5);
        reader.remove(5);
        assertThat(reader.offsets()).as("1 came third").containsExactly(0L, 2L);
    }

    @Test
    void theOffsetsAreTheFirstThatAreStillNeeded() {
        BatchReader<AdversarialBatch> reader = reader(0);
        assertThat(reader.offsets()).containsExactly(0L, 0L);
        append(4, 2, 0, 1);
        reader.poll(Duration.ZERO);
        assertThat(reader.offsets()).containsExactly(0L, 0L);
        advance(reader, 2);
        assertThat(reader.offsets()).containsExactly(0L, 1L);
        advance(reader, 4);
        assertThat(reader.offsets()).as("4 came first").containsExactly(0L, 1L);
        advance(reader, 5);
        assertThat(reader.offsets()).containsExactly(3L, 1L);
    }

    /** Whatever arrives: who reads on from the offsets and the next batch finds the same first copies. */
    @Test
    void readingOnFromItsOffsetsFindsTheSameRecords() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            RecordLog<Long, AdversarialBatch> records = new RecordLog<>(TOPIC, 2, 1 + random.nextInt(4));
            TreeMap<Long, Long> first = new TreeMap<>();
            long[] offset = new long[2];
            for (int i = 0; i < 30; i++) {
                // crafting keeps to the order but for a few
                long number = Math.max(0, i / 2 + random.nextInt(5) - 2);
                records.append(number, TinyRun.refused(number, "copy " + i));
                first.putIfAbsent(number, offset[(int) (number % 2)]++);
            }
            outcomes = outcomes(0);
            BatchReader<AdversarialBatch> reader =
                    new BatchReader<>(records, TOPIC, records.beginning(), outcomes, STAGED, admission());
            long nextBatch = random.nextInt(first.lastKey().intValue() + 1);
            for (long number = 0; number < nextBatch; number++) {
                pollAll(reader);
                advance(reader, number + 1);
            }
            outcomes = outcomes(nextBatch);
            BatchReader<AdversarialBatch> again =
                    new BatchReader<>(records.again(), TOPIC, reader.offsets(), outcomes, STAGED, admission());
            for (long number = nextBatch; number <= first.lastKey(); number++) {
                pollAll(again);
                assertThat(again.get(number).map(ConsumerRecord::offset).orElse(null))
                        .as("seed %d, batch %d from %d", seed, number, nextBatch).isEqualTo(first.get(number));
                advance(again, number + 1);
            }
        }
    }

    @Test
    void aLostPositionIsAnErrorThatNamesIt() {
        append(0, 2, 4, 6);
        BatchReader<AdversarialBatch> reader = reader(0);
        log.trim(0, 3);
        assertThatIllegalStateException().isThrownBy(() -> reader.poll(Duration.ZERO)).withMessageStartingWith(
                "lost position: tiny.adversarial-batches-0 offset 0 is wanted, the first is 3; ");
    }

    @Test
    void whatNobodyCanHaveSentYetIsSetAsideAndHoldsNothingUp() {
        BatchReader<ImageBatch> reader = cleanReader(0);
        for (long number = 1_000_000; number < 1_000_020; number += 2) {
            images.append(0, number, Received.readable(TinyRun.clean(number)));
        }
        images.append(0, 8L, Received.readable(TinyRun.clean(8)));
        images.append(0, 3L, Received.readable(TinyRun.clean(3)));
        images.append(0, null, Received.readable(TinyRun.clean(0)));
        images.append(0, -2L, Received.readable(TinyRun.clean(-2)));
        images.append(0, 0L, Received.readable(TinyRun.clean(0)));
        pollAll(reader);
        assertThat(reader.get(0)).isPresent();
        assertThat(reader.skipped(2)).as("evidence of the run's batches only").isFalse();
        assertThat(aside).hasSize(14).contains("key: 1000000; allowed: a batch that can have been sent by now, below 8",
                "key: 8; allowed: a batch that can have been sent by now, below 8",
                "key: 3; allowed: a batch number of partition 0", "key: null; allowed: a batch number of partition 0");
    }

    /** Somebody else fills what is staged of a partition before the batch whose turn it is has come. */
    @Test
    void theBatchWhoseTurnItIsIsReadHoweverMuchIsStaged() {
        BatchReader<AdversarialBatch> reader = reader(0);
        LongStream.range(1, 20).map(n -> 2 * n).forEach(this::append);
        append(0);
        pollAll(reader);
        assertThat(reader.get(0)).isPresent();
        assertThat(reader.size()).isEqualTo(20);
    }

    @Test
    void aCleanBatchIsSkippedOnceALaterSoundOneOfItsPartitionHasCome() {
        BatchReader<ImageBatch> reader = cleanReader(0);
        images.append(0, 2L, Received.unreadable(new byte[9], "damaged"));
        images.append(1, 1L, Received.readable(TinyRun.clean(1)));
        pollAll(reader);
        assertThat(reader.skipped(0)).as("2 is damaged, and may be anybody's").isFalse();
        assertThat(reader.get(2).orElseThrow().value().raw()).as("its bytes are of no use").isEmpty();
        images.append(0, 4L, Received.readable(TinyRun.clean(4)));
        pollAll(reader);
        assertThat(reader.skipped(0)).isTrue();
        assertThat(reader.skipped(2)).as("it is there, damaged").isFalse();
        assertThat(reader.skipped(3)).as("merely late").isFalse();
        images.append(0, 0L, Received.readable(TinyRun.clean(0)));
        pollAll(reader);
        assertThat(reader.skipped(0)).as("its writer would have written it before").isTrue();
        assertThat(aside).containsExactly("key: 0; allowed: none below 4, which came before it in its partition");
    }

    @Test
    void aFurtherCopyIsToldOfOnceAndNeverWhenItMayBeTheOneThatWasTaken() {
        images.append(0, 0L, Received.readable(TinyRun.clean(0)));
        images.append(0, 2L, Received.readable(TinyRun.clean(2)));
        BatchReader<ImageBatch> reader = cleanReader(2);
        images.append(0, 2L, Received.readable(TinyRun.clean(2)));
        pollAll(reader);
        advance(reader, 3);
        images.append(0, 2L, Received.readable(TinyRun.clean(2)));
        images.append(0, 2L, Received.unreadable(new byte[1], "damaged"));
        pollAll(reader);
        assertThat(aside).containsExactly("a duplicate: another copy of batch 2 came before",
                "a duplicate: another copy of batch 2 came before", "damaged");
        assertThat(meters.get("sparring.duplicates").tag("topic", "tiny.clean-batches").counter().count()).isEqualTo(2);
    }

    @Test
    void whoAnswersABatchThatAnotherHasAnsweredDoesNothingBad() {
        BatchReader<AdversarialBatch> reader = new BatchReader<>(log, TOPIC, log.beginning(), outcomes, STAGED, admission());
        log.append(0, TinyRun.refused(0, "first"));
        log.append(0, 0L, Received.readable(AdversarialBatch.newBuilder(TinyRun.refused(0, "x")).setAttacker("other").build()));
        log.append(0, TinyRun.refused(0, "again"));
        log.append(0, 2L, Received.readable(TinyRun.refused(4, "of another batch")));
        pollAll(reader);
        assertThat(reason(reader, 0)).isEqualTo("first");
        assertThat(aside).containsExactly("a duplicate: another copy of batch 0 came before",
                "batchNumber: 4; allowed: the record's key, which is 2");
        assertThat(meters.get("sparring.duplicates").tag("topic", TOPIC).counter().count()).isEqualTo(2);
    }

    private BatchReader<ImageBatch> cleanReader(long nextBatch) {
        outcomes = outcomes(nextBatch);
        return new BatchReader<>(images, "tiny.clean-batches", images.beginning(), outcomes, STAGED,
                Admission.clean(TinyRun.RUN, 0, context));
    }

    @Test
    void closesItsConsumer() {
        reader(0).close();
        assertThat(log.closed()).isTrue();
    }

    private BatchReader<AdversarialBatch> reader(long nextBatch) {
        outcomes = outcomes(nextBatch);
        return new BatchReader<>(log, TOPIC, log.beginning(), outcomes, STAGED, admission());
    }

    private Admission<AdversarialBatch> admission() {
        return Admission.adversarial(ENDLESS, 0, context);
    }

    private static Outcomes outcomes(long nextBatch) {
        return new Outcomes(new Position(nextBatch, List.of(), List.of(), List.of()));
    }

    /** All below that number have their outcome, whether or not they are staged. */
    private void advance(BatchReader<?> reader, long nextBatch) {
        while (outcomes.next() < nextBatch) {
            long number = outcomes.next();
            outcomes.add(number);
            if (reader.get(number).isPresent()) {
                reader.remove(number);
            }
        }
    }

    private void append(long... numbers) {
        LongStream.of(numbers).forEach(number -> log.append(number, TinyRun.refused(number, "for a test")));
    }

    private static void pollAll(BatchReader<?> reader) {
        for (int i = 0; i < 30; i++) {
            reader.poll(Duration.ZERO);
        }
    }

    private static String reason(BatchReader<AdversarialBatch> reader, long number) {
        return ((Refused) reader.get(number).orElseThrow().value().value().getResult()).getReason();
    }
}

package io.sparring.attacker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.learning.ModelProgram;
import io.sparring.pipeline.RecentUpdates;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.StatusBoard;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Attack;
import io.sparring.schemas.ClassTally;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.Refused;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AttackLoopTest {

    private static final RunSpecification RUN = TinyRun.with(Map.of());
    private static final String ADVERSARIAL = "tiny.adversarial-batches";
    private static final String DEAD_LETTERS = "tiny.dead-letters";
    private static final RecentUpdates NONE = RecentUpdates.of(RUN, nextBatch -> {
        throw new AssertionError("only the newest is wanted");
    });
    private static ModelProgram program;

    private final SettableClock clock = new SettableClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ServiceContext context = new ServiceContext("attacker-1", new StatusBoard(clock, meters), meters);
    private final AttackerReadiness readiness = new AttackerReadiness(clock, Duration.ofSeconds(60));
    private final CleanBatchLog consumer = new CleanBatchLog(2, 16);
    private final GroupedBatches clean = new GroupedBatches(consumer, CleanBatchLog.TOPIC);
    private final MockProducer<Long, byte[]> producer =
            new MockProducer<>(true, null, new LongSerializer(), new ByteArraySerializer());
    private final BatchCrafter crafter = new BatchCrafter(RUN, program, context.instance(), clock);
    private Executor executor = Runnable::run;
    private final AttackTransactions transactions = new AttackTransactions(producer, clean, task -> executor.execute(task));
    private AttackLoop loop = new AttackLoop(RUN, clean, crafter, transactions, readiness, context, NONE);

    @BeforeAll
    static void load() {
        program = TinyRun.load();
    }

    @AfterAll
    static void close() {
        program.close();
    }

    @BeforeEach
    void own() {
        consumer.own(0, 1);
    }

    @Test
    void craftsUpToTheWindowAndNoFurther() {
        consumer.append(LongStream.range(4, 12).boxed().toList());

        craftAll(TinyRun.update(4, 4));
        assertThat(numbers(ADVERSARIAL)).containsExactly(4L, 5L, 6L, 7L);
        assertThat(next(TinyRun.update(4, 4))).as("holds a batch back").isTrue();
        assertThat(context.status().state()).isEqualTo(ServiceState.WAITING);
        assertThat(readiness.problem()).isEmpty();

        craftAll(TinyRun.update(6, 6));
        assertThat(numbers(ADVERSARIAL)).containsExactly(4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(crafted(5).getStep()).isEqualTo(6);
        assertThat(context.status().state()).isEqualTo(ServiceState.WAITING);
    }

    @Test
    void waitsForTheFirstUpdate() {
        consumer.append(List.of(0L));
        assertThat(next(null)).isTrue();
        assertThat(producer.commitCount()).isZero();
        assertThat(readiness.problem()).hasValue("no weights have been published yet");
    }

    @Test
    void hasNothingToWaitForWhereItHoldsNothing() {
        assertThat(next(TinyRun.update(0, 0))).isFalse();
        assertThat(context.status().state()).isEqualTo(ServiceState.WAITING);
        assertThat(readiness.problem()).isEmpty();
    }

    @Test
    void aBatchItsFactsAndThePositionBehindItAreOneTransaction() {
        consumer.append(List.of(1L));
        Update update = TinyRun.update(0, 0);
        assertThat(next(update)).isFalse();

        assertThat(producer.commitCount()).isEqualTo(1);
        assertThat(producer.history()).extracting(ProducerRecord::topic).containsExactly(ADVERSARIAL, "tiny.attacks");
        assertThat(producer.history()).extracting(ProducerRecord::key).containsExactly(1L, 1L);
        assertThat(producer.history()).extracting(ProducerRecord::partition).containsExactly(1, 0);
        AdversarialBatch made = answer(0);
        assertThat(made).isEqualTo(crafter.craft(TinyRun.batch(1, 1), update));
        Crafted crafted = (Crafted) made.getResult();
        Attack facts = WireFormat.of(Attack.class).decode(ByteBuffer.wrap(producer.history().get(1).value()));
        assertThat(facts.getCraftingSeconds()).isPositive();
        assertThat(facts).isEqualTo(new Attack(1L, "attacker-1", 1, 0L, TinyRun.IMAGES, crafted.getSuccess(),
                crafted.getLossBefore(), crafted.getLossAfter(), crafted.getEpsilon(), facts.getCraftingSeconds(),
                made.getCreatedAt(), 0L, facts.getClasses(), facts.getChannels()));
        assertThat(facts.getClasses().stream().mapToLong(ClassTally::getImages).sum()).isEqualTo(TinyRun.IMAGES);
        assertThat(1 - facts.getClasses().stream().mapToLong(ClassTally::getRobust).sum() / (double) TinyRun.IMAGES)
                .isCloseTo(crafted.getSuccess(), within(1e-6));
        assertThat(positions()).containsExactly(Map.of(1, 1L));
        assertThat(context.status().state()).isEqualTo(ServiceState.RUNNING);
        assertThat(meters.get("sparring.images").counter().count()).isEqualTo(TinyRun.IMAGES);
        assertThat(meters.get("sparring.crafting").timer().count()).isEqualTo(1);
        assertThat(meters.get("sparring.step").gauge().value()).isZero();
    }

    @Test
    void onlySkipsABatchThatHasItsOutcome() {
        consumer.append(List.of(0L, 1L, 2L));
        craftAll(TinyRun.update(2, 2));

        assertThat(numbers(ADVERSARIAL)).containsExactly(2L);
        assertThat(positions()).containsExactly(Map.of(0, 1L), Map.of(1, 1L), Map.of(0, 2L));
        assertThat(meters.get("sparring.batches").counter().count()).isEqualTo(1);
    }

    @Test
    void refusesAnUnusableBatchUnderItsNumberAndSetsItAside() {
        ImageBatch damaged = ImageBatch.newBuilder(TinyRun.batch(2, 2)).setSha256("0".repeat(64)).build();
        consumer.append(0, 0L, Received.unreadable(new byte[] {9, 9}, "not a readable record: no marker"));
        consumer.append(0, 2L, Received.readable(damaged));
        consumer.append(1, 1L, null);
        consumer.append(1, 3L, Received.readable(TinyRun.batch(3, 3, 4, 4, 4)));
        craftAll(TinyRun.update(0, 0));

        assertThat(numbers(ADVERSARIAL)).containsExactly(0L, 1L, 2L, 3L);
        assertThat(numbers(DEAD_LETTERS)).containsExactly(0L, 1L, 2L, 3L);
        List<ProducerRecord<Long, byte[]>> letters = sent(DEAD_LETTERS);
        for (int i = 0; i < letters.size(); i++) {
            assertThat(header(letters.get(i), "reason")).isEqualTo(refusal(i));
        }
        assertThat(refusal(0)).isEqualTo("not a readable record: no marker");
        assertThat(refusal(2)).startsWith("sha256: 000");
        assertThat(refusal(3)).isEqualTo(
                "images: 4 x 4 x 1 in 4 classes; allowed: those of the run's model, 8 x 8 x 1 in 4 classes");
        assertThat(letters.get(0).value()).containsExactly(9, 9);
        assertThat(letters.get(1).value()).isNull();
        assertThat(WireFormat.of(ImageBatch.class).decode(ByteBuffer.wrap(letters.get(2).value()))).isEqualTo(damaged);
        assertThat(header(letters.get(2), "partition") + "/" + header(letters.get(2), "offset")).isEqualTo("0/1");
        assertThat(producer.commitCount()).as("answer, letter and position together").isEqualTo(4);
        assertThat(positions()).hasSize(4);
        assertThat(meters.get("sparring.refused").counter().count()).isEqualTo(4);
        assertThat(meters.get("sparring.dead.letters").counter().count()).isEqualTo(4);
        assertThat(meters.get("sparring.batches").counter().count()).isZero();
    }

    @Test
    void setsAsideWhatHasNoNumberOfItsPartitionAndGoesOn() {
        consumer.append(0, null, Received.readable(TinyRun.batch(0, 0)));
        consumer.append(0, 1L, Received.readable(TinyRun.batch(1, 1)));
        consumer.append(0, -2L, Received.readable(TinyRun.batch(-2, 1)));
        consumer.append(1, null, null);
        consumer.append(List.of(0L, 1L));
        assertThat(next(null)).as("needs no update").isFalse();
        assertThat(numbers(DEAD_LETTERS)).containsExactly((Long) null);
        craftAll(TinyRun.update(0, 0));

        assertThat(sent(DEAD_LETTERS)).extracting(letter -> header(letter, "reason")).containsExactlyInAnyOrder(
                "key: null; allowed: a batch number of partition 0 below 1200",
                "key: 1; allowed: a batch number of partition 0 below 1200",
                "key: -2; allowed: a batch number of partition 0 below 1200",
                "key: null; allowed: a batch number of partition 1 below 1200");
        assertThat(numbers(ADVERSARIAL)).containsExactly(0L, 1L);
        assertThat(sent(ADVERSARIAL)).extracting(ProducerRecord::partition).containsExactly(0, 1);
        assertThat(positions()).contains(Map.of(0, 1L), Map.of(0, 4L), Map.of(1, 2L));
    }

    @Test
    void craftsTheSameBatchAgainWhenTheTransactionIsGivenUp() {
        consumer.append(List.of(0L));
        producer.commitTransactionException = new KafkaException("lost");
        assertThat(next(TinyRun.update(0, 0))).isFalse();
        assertThat(producer.transactionAborted()).isTrue();
        assertThat(producer.history()).isEmpty();
        assertThat(meters.get("sparring.batches").counter().count()).isZero();

        producer.commitTransactionException = null;
        craftAll(TinyRun.update(0, 0));
        assertThat(numbers(ADVERSARIAL)).containsExactly(0L);
        assertThat(meters.get("sparring.batches").counter().count()).isEqualTo(1);
    }

    @Test
    void showsWhatItHasPublishedAndNothingElse() {
        List<AdversarialBatch> shown = new ArrayList<>();
        loop = new AttackLoop(RUN, clean, crafter, transactions, readiness, context, NONE, (batch, made) -> {
            assertThat(batch.getBatchNumber()).isEqualTo(made.getBatchNumber());
            return () -> shown.add(made);
        });
        consumer.append(0, 0L, null);
        consumer.append(List.of(1L, 2L));
        producer.commitTransactionException = new KafkaException("lost");
        next(TinyRun.update(0, 0));
        assertThat(shown).isEmpty();
        producer.commitTransactionException = null;
        craftAll(TinyRun.update(0, 0));
        assertThat(shown).containsExactly(answer(1), answer(2));
    }

    @Test
    void craftsTheNextBatchWhileAnAnswerIsUnderWayAndReadsOnceItIsSettled() {
        Deque<Runnable> aside = new ArrayDeque<>();
        executor = aside::add;
        consumer.append(List.of(0L, 1L, 2L));
        next(TinyRun.update(0, 0));
        assertThat(aside).hasSize(1);
        assertThat(meters.get("sparring.batches").counter().count()).isZero();
        long polls = consumer.polls();
        loop.read(Duration.ZERO);
        assertThat(consumer.polls()).as("not while it is under way").isEqualTo(polls);
        aside.remove().run();
        loop.next(TinyRun.update(0, 0));
        assertThat(meters.get("sparring.batches").counter().count()).as("the first").isEqualTo(1);
        assertThat(consumer.polls()).isEqualTo(polls + 1);
        assertThat(aside).hasSize(1);

        aside.remove().run();
        next(TinyRun.update(0, 0));
        aside.remove().run();
        assertThat(clean.lowest()).isEmpty();
        next(TinyRun.update(0, 0));
        assertThat(meters.get("sparring.batches").counter().count()).as("settled where nothing is left to craft").isEqualTo(3);
        assertThat(numbers(ADVERSARIAL)).containsExactly(0L, 1L, 2L);
    }

    @Test
    void endsWhenAnotherAttackerHasTakenItsName() {
        consumer.append(List.of(0L));
        producer.fenceProducer();
        assertThatThrownBy(() -> next(TinyRun.update(0, 0))).isInstanceOf(ProducerFencedException.class);
    }

    @Test
    void craftsAgainstTheUpdateThatTheNumberDecidesWhereStalenessIsExact() {
        RunSpecification run = TinyRun.with(Map.of("publishing.interval", "2", "evaluation.every", "2", "staleness.exactly", "3"));
        List<Long> lookedUp = new ArrayList<>();
        RecentUpdates recent = RecentUpdates.of(run, nextBatch -> {
            lookedUp.add(nextBatch);
            return nextBatch == 2 ? Optional.of(TinyRun.update(2, 2)) : Optional.empty();
        });
        loop = new AttackLoop(run, clean, crafter, transactions, readiness, context, recent);
        consumer.append(LongStream.range(5, 12).boxed().toList());
        recent.add(TinyRun.update(4, 4));

        craftAll(TinyRun.update(4, 4));
        assertThat(numbers(ADVERSARIAL)).as("9 waits for update 6").containsExactly(5L, 6L, 7L, 8L);
        assertThat(LongStream.range(0, 4).mapToObj(i -> crafted((int) i).getStep())).containsExactly(2L, 2L, 4L, 4L);
        assertThat(lookedUp).as("once an update").containsExactly(2L);
        assertThat(context.status().state()).isEqualTo(ServiceState.WAITING);
        assertThat(readiness.problem()).isEmpty();

        recent.add(TinyRun.update(6, 6));
        recent.add(TinyRun.update(8, 8));
        recent.add(TinyRun.update(10, 10));
        craftAll(TinyRun.update(10, 10));
        assertThat(numbers(ADVERSARIAL)).as("9 has its outcome").containsExactly(5L, 6L, 7L, 8L, 10L, 11L);
        assertThat(crafted(4).getStep()).as("though newer ones are there").isEqualTo(6);
        assertThat(crafted(5).getStep()).isEqualTo(8);
        assertThat(lookedUp).hasSize(1);
    }

    @Test
    void waitsForNewerUpdatesWhereTheOneItNeedsIsTrimmed() {
        RunSpecification run = TinyRun.with(Map.of("staleness.exactly", "2"));
        loop = new AttackLoop(run, clean, crafter, transactions, readiness, context,
                RecentUpdates.of(run, nextBatch -> Optional.empty()));
        consumer.append(List.of(5L));
        assertThat(next(TinyRun.update(4, 4))).isTrue();
        assertThat(producer.commitCount()).isZero();
        assertThat(next(TinyRun.update(9, 9))).isFalse();
        assertThat(producer.commitCount()).as("it has its outcome by now").isEqualTo(1);
        assertThat(numbers(ADVERSARIAL)).isEmpty();
    }

    private boolean next(Update update) {
        loop.read(Duration.ZERO);
        return loop.next(update);
    }

    /** Goes on until nothing more is committed. */
    private void craftAll(Update update) {
        long before;
        do {
            before = producer.commitCount();
            next(update);
        } while (producer.commitCount() > before);
    }

    private List<ProducerRecord<Long, byte[]>> sent(String topic) {
        return producer.history().stream().filter(record -> record.topic().equals(topic)).toList();
    }

    private List<Long> numbers(String topic) {
        List<Long> numbers = new ArrayList<>();
        sent(topic).forEach(record -> numbers.add(record.key()));
        return numbers;
    }

    private AdversarialBatch answer(int index) {
        return WireFormat.of(AdversarialBatch.class).decode(ByteBuffer.wrap(sent(ADVERSARIAL).get(index).value()));
    }

    private Crafted crafted(int index) {
        return (Crafted) answer(index).getResult();
    }

    private String refusal(int index) {
        return ((Refused) answer(index).getResult()).getReason();
    }

    private static String header(ProducerRecord<Long, byte[]> letter, String name) {
        return new String(letter.headers().lastHeader("sparring-" + name).value(), StandardCharsets.UTF_8);
    }

    /** Per transaction, the committed offset by partition. */
    private List<Map<Integer, Long>> positions() {
        List<Map<Integer, Long>> positions = new ArrayList<>();
        producer.consumerGroupOffsetsHistory().forEach(transaction -> transaction.values().forEach(offsets -> {
            Map<Integer, Long> byPartition = new TreeMap<>();
            offsets.forEach((partition, offset) -> byPartition.put(partition.partition(), offset.offset()));
            positions.add(byPartition);
        }));
        return positions;
    }
}

package io.sparring.attacker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparring.pipeline.Outage;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttackTransactionsTest {

    private static final ProducerRecord<Long, byte[]> MADE =
            new ProducerRecord<>("tiny.adversarial-batches", 0, 0L, new byte[] {1});
    private static final ProducerRecord<Long, byte[]> FACTS = new ProducerRecord<>("tiny.attacks", 0, 0L, new byte[] {2});

    private final CleanBatchLog consumer = new CleanBatchLog(1, 16);
    private final GroupedBatches clean = new GroupedBatches(consumer, CleanBatchLog.TOPIC);
    private final MockProducer<Long, byte[]> producer =
            new MockProducer<>(true, null, new LongSerializer(), new ByteArraySerializer());
    private final Deque<Runnable> aside = new ArrayDeque<>();
    private Executor executor = Runnable::run;
    private final AttackTransactions transactions = new AttackTransactions(producer, clean, task -> executor.execute(task));
    private final List<Boolean> outcomes = new ArrayList<>();

    @BeforeEach
    void hold() {
        consumer.own(0);
        consumer.append(List.of(0L, 1L, 2L));
        clean.poll(Duration.ZERO);
    }

    @Test
    void takesItsTransactionalIdAtOnce() {
        assertThat(producer.transactionInitialized()).isTrue();
    }

    @Test
    void whatIsMadeAndThePositionAreOneTransactionAndTheRecordIsLetGo() {
        assertThat(commit(lowest(), List.of(MADE, FACTS))).isTrue();

        assertThat(producer.commitCount()).isEqualTo(1);
        assertThat(producer.history()).containsExactly(MADE, FACTS);
        assertThat(producer.consumerGroupOffsetsHistory()).containsExactly(Map.of(consumer.groupMetadata().groupId(),
                Map.of(CleanBatchLog.tiny(0), new OffsetAndMetadata(1))));
        assertThat(lowest().key()).isEqualTo(1);
    }

    @Test
    void aPositionAloneIsATransactionToo() {
        assertThat(commit(lowest(), List.of())).isTrue();
        assertThat(producer.history()).isEmpty();
        assertThat(producer.consumerGroupOffsetsHistory()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"send", "offsets", "commit"})
    void whatFailsLeavesNothingAndComesAgain(String where) {
        commit(lowest(), List.of());
        consumer.commit(0, 1);
        fail(where, where.equals("offsets")
                ? new CommitFailedException("the group went on without") : new KafkaException("lost"));
        assertThat(commit(lowest(), List.of(MADE, FACTS))).isFalse();

        assertThat(producer.transactionAborted()).isTrue();
        assertThat(producer.history()).isEmpty();
        assertThat(producer.consumerGroupOffsetsHistory()).hasSize(1);
        assertThat(clean.lowest()).isEmpty();
        clean.poll(Duration.ZERO);
        assertThat(lowest().key()).isEqualTo(1);

        fail(where, null);
        assertThat(commit(lowest(), List.of(MADE))).isTrue();
        assertThat(producer.history()).containsExactly(MADE);
        assertThat(lowest().key()).isEqualTo(2);
    }

    @Test
    void aFencedAttackerCannotGoOn() {
        producer.fenceProducer();
        assertThatThrownBy(() -> commit(lowest(), List.of(MADE))).isInstanceOf(ProducerFencedException.class);
        assertThat(lowest().key()).as("not read again").isEqualTo(1);
    }

    /** Nor can it be aborted: {@code initTransactions} of the next producer settles it. */
    @Test
    void aCommitOfWhichTheEndIsNotKnownIsLeftToTheNextProducer() {
        fail("commit", new TimeoutException("no answer"));

        assertThatThrownBy(() -> commit(lowest(), List.of(MADE))).satisfies(e -> assertThat(Outage.passes(e)).isTrue());

        assertThat(producer.transactionAborted()).isFalse();
    }

    @Test
    void norOneOfAnOldEpochOrWithoutTheRight() {
        consumer.commit(0, 0);
        for (KafkaException fatal : List.of(new InvalidProducerEpochException("old"), new TopicAuthorizationException("not yours"))) {
            fail("send", fatal);
            assertThatThrownBy(() -> commit(lowest(), List.of(MADE))).isSameAs(fatal);
            assertThat(producer.transactionAborted()).isFalse();
            fail("send", null);
            producer.abortTransaction();
            clean.rewind();
            clean.poll(Duration.ZERO);
        }
    }

    @Test
    void theNextBatchIsThereToCraftWhileATransactionIsUnderWay() {
        hand(lowest());
        assertThat(transactions.underWay()).isTrue();
        assertThat(outcomes).isEmpty();
        assertThat(producer.commitCount()).isZero();
        assertThat(lowest().key()).isEqualTo(1);

        runAside();
        assertThat(outcomes).as("told by the thread that asked").isEmpty();
        transactions.settle();
        assertThat(outcomes).containsExactly(true);
        assertThat(transactions.underWay()).isFalse();
        assertThat(producer.commitCount()).isEqualTo(1);
        transactions.settle();
        assertThat(outcomes).as("told once").hasSize(1);
    }

    @Test
    void oneTransactionAtATimeInTheOrderOfTheBatches() {
        hand(lowest());
        ConsumerRecord<Long, Received<ImageBatch>> next = lowest();
        runAside();
        hand(next);
        assertThat(outcomes).as("the first is settled").containsExactly(true);
        assertThat(producer.commitCount()).isEqualTo(1);
        runAside();
        transactions.settle();
        assertThat(outcomes).containsExactly(true, true);
        assertThat(producer.consumerGroupOffsetsHistory()).extracting(offsets -> offsets.get(consumer.groupMetadata().groupId())
                .get(CleanBatchLog.tiny(0)).offset()).containsExactly(1L, 2L);
    }

    /** A position behind the second would skip the first. */
    @Test
    void whatWasCraftedBehindAnAnswerThatIsGivenUpIsNotPublishedEither() {
        consumer.commit(0, 0);
        hand(lowest());
        ConsumerRecord<Long, Received<ImageBatch>> next = lowest();
        fail("commit", new KafkaException("lost"));
        runAside();
        fail("commit", null);
        hand(next);
        assertThat(aside).isEmpty();
        assertThat(outcomes).containsExactly(false, false);
        assertThat(lowest().key()).as("read again").isZero();
        assertThat(producer.consumerGroupOffsetsHistory()).isEmpty();
    }

    @Test
    void whatWasCraftedOfAPartitionThatHasGoneToAnotherIsNotPublished() {
        hand(lowest());
        ConsumerRecord<Long, Received<ImageBatch>> next = lowest();
        runAside();
        consumer.own();
        hand(next);
        assertThat(aside).isEmpty();
        assertThat(outcomes).containsExactly(true, false);
        assertThat(producer.commitCount()).isEqualTo(1);
    }

    @Test
    void afterAFailureThatItCannotGoOnFromTheOutcomeIsToldToo() {
        hand(lowest());
        fail("send", new TopicAuthorizationException("not yours"));
        runAside();
        assertThatThrownBy(transactions::settle).isInstanceOf(TopicAuthorizationException.class);
        assertThat(outcomes).containsExactly(false);
    }

    /** Its transaction is made when {@link #runAside()} says so. */
    private void hand(ConsumerRecord<Long, Received<ImageBatch>> record) {
        executor = aside::add;
        transactions.commit(record, List.of(MADE), outcomes::add);
    }

    private void runAside() {
        aside.remove().run();
    }

    private boolean commit(ConsumerRecord<Long, Received<ImageBatch>> record, List<ProducerRecord<Long, byte[]>> made) {
        return CleanBatchesContract.published(transactions, record, made);
    }

    private ConsumerRecord<Long, Received<ImageBatch>> lowest() {
        return clean.lowest().orElseThrow();
    }

    private void fail(String where, KafkaException failure) {
        switch (where) {
            case "send" -> producer.sendException = failure;
            case "offsets" -> producer.sendOffsetsToTransactionException = failure;
            default -> producer.commitTransactionException = failure;
        }
    }
}

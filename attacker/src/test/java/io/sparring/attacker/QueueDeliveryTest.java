package io.sparring.attacker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparring.pipeline.SettableClock;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueDeliveryTest extends CleanBatchesContract {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final SettableClock clock = new SettableClock();
    private final FakeShareGroup group = new FakeShareGroup(clock);
    private final List<FakeShareGroup.Member> consumers = new ArrayList<>();
    private final QueuedBatches batches = join(0, 0);
    private final AcknowledgedAnswers answers = new AcknowledgedAnswers(producer, batches);

    @AfterEach
    void leave() {
        batches.close();
    }

    @Override
    CleanBatches batches() {
        return batches;
    }

    @Override
    Answers answers() {
        return answers;
    }

    @Override
    void append(Long key, Received<ImageBatch> value) {
        group.append(0, key, value);
    }

    @Override
    void failPublishing(KafkaException failure) {
        producer.sendException = failure;
    }

    @Test
    void holdsOneAtATimeAndLeavesTheRestToOthers() {
        append(0, 1, 2);
        assertThat(polled()).map(ConsumerRecord::key).hasValue(0L);
        QueuedBatches other = join(0, 0);
        other.poll(WAIT);
        assertThat(other.lowest()).map(ConsumerRecord::key).hasValue(1L);
        other.close();
        assertThat(group.accepted()).isEmpty();
        published(answers, polled().orElseThrow(), List.of());
        assertThat(polled()).as("given back at the stop").map(ConsumerRecord::key).hasValue(1L);
        assertThat(group.accepted()).containsExactly(0L);
    }

    @Test
    void isAcceptedOnlyOnceItsAnswerIsOnTheBrokers() {
        MockProducer<Long, byte[]> slow = new MockProducer<>(false, null, new LongSerializer(), new ByteArraySerializer()) {
            @Override
            public synchronized void flush() {
                assertThat(group.accepted()).isEmpty();
                completeNext();
            }
        };
        append(0);
        assertThat(published(new AcknowledgedAnswers(slow, batches), polled().orElseThrow(),
                List.of(new ProducerRecord<>("tiny.adversarial-batches", 0, 0L, new byte[1])))).isTrue();
        assertThat(group.accepted()).containsExactly(0L);
        assertThat(slow.history()).hasSize(1);
    }

    @Test
    void renewsTheLockForAsLongAsItTakes() {
        append(0);
        ConsumerRecord<Long, Received<ImageBatch>> record = polled().orElseThrow();
        for (int i = 0; i < 40; i++) {
            clock.forward(Duration.ofSeconds(6));
            batches.renew();
        }
        assertThat(polled()).as("the same, after four minutes").hasValue(record);
        published(answers, record, List.of());
        assertThat(group.accepted()).containsExactly(0L);
        assertThat(group.deliveries(0)).isEqualTo(1);
    }

    @Test
    void aLostLockLetsTheBatchGoToOthersAndItsAnswerIsAtMostADuplicate() {
        append(0);
        ConsumerRecord<Long, Received<ImageBatch>> record = polled().orElseThrow();
        clock.forward(Duration.ofMillis(FakeShareGroup.LOCK_MILLIS));
        QueuedBatches other = join(0, 0);
        other.poll(WAIT);
        assertThat(other.lowest()).map(ConsumerRecord::key).hasValue(0L);
        batches.renew();
        assertThat(batches.lowest()).isEmpty();
        assertThat(published(answers, record, List.of())).isTrue();
        assertThat(group.accepted()).isEmpty();
        other.done(other.lowest().orElseThrow());
        assertThat(group.accepted()).containsExactly(0L);
        other.close();
    }

    @Test
    void asksForMoreOnlyWhenTheLowestHasWaitedForAWhile() {
        append(0, 1, 2, 3);
        published(answers, polled().orElseThrow(), List.of());
        polled();
        polled();
        assertThat(group.deliveries(2)).isZero();
        clock.forward(PATIENCE);
        assertThat(polled()).map(ConsumerRecord::key).hasValue(1L);
        assertThat(group.deliveries(2)).isEqualTo(1);
        clock.forward(PATIENCE);
        polled();
        assertThat(group.deliveries(3)).as("no more than there are members").isZero();
    }

    @Test
    void findsTheBatchOfAnAttackerThatDiedThoughItsOwnHasToWait() {
        append(0, 1);
        QueuedBatches dies = join(0, 0);
        dies.poll(WAIT);
        assertThat(polled()).map(ConsumerRecord::key).hasValue(1L);
        dies.close();
        clock.forward(PATIENCE);
        assertThat(polled()).map(ConsumerRecord::key).hasValue(0L);
    }

    @Test
    void asksEveryPartitionInTurn() {
        QueuedBatches three = join(0, 1, 2);
        for (long number : new long[] {0, 3, 1, 4, 2, 5}) {
            group.append((int) number % 3, number, Received.readable(TinyRun.batch(number, number)));
        }
        List<Long> numbers = new ArrayList<>();
        for (three.poll(WAIT); three.lowest().isPresent(); three.poll(WAIT)) {
            numbers.add(three.lowest().get().key());
            three.done(three.lowest().get());
        }
        assertThat(numbers).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        three.close();
    }

    @Test
    void collectsWhatComesAfterItWasAskedFor() {
        assertThat(polled()).isEmpty();
        assertThat(polled()).isEmpty();
        append(0, 1);
        batches.renew();
        assertThat(group.deliveries(0) + group.deliveries(1)).as("both members were asked").isEqualTo(2);
        assertThat(batches.lowest()).map(ConsumerRecord::key).hasValue(0L);
    }

    @Test
    void saysWhyNoBatchCanCome() {
        assertThat(batches.problem()).hasValue("the queue tiny.attacker-queue of clean batches has not answered yet");
        polled();
        clock.forward(Duration.ofSeconds(20));
        assertThat(batches.problem()).isEmpty();
        group.answers = false;
        polled();
        clock.forward(Duration.ofSeconds(1));
        assertThat(batches.problem())
                .hasValue("the queue tiny.attacker-queue of clean batches has not answered for 21 s");
    }

    @Test
    void withoutTheRightToTheQueueItEnds() {
        append(0);
        polled();
        clock.forward(Duration.ofSeconds(6));
        group.failure = GroupAuthorizationException.forGroupId("tiny.attacker-queue");
        batches.renew();
        assertThatThrownBy(() -> batches.poll(WAIT)).isSameAs(group.failure);
    }

    @Test
    void closesItsMembers() {
        batches.close();
        assertThat(consumers).hasSize(2).allMatch(consumer -> consumer.closed);
    }

    /** An attacker whose members get a partition each. */
    private QueuedBatches join(int... partitions) {
        List<QueueMember> members = IntStream.of(partitions).mapToObj(partition -> {
            FakeShareGroup.Member consumer = group.join(partition);
            consumers.add(consumer);
            return new QueueMember(consumer, CleanBatchLog.TOPIC, clock);
        }).toList();
        return new QueuedBatches(members, "tiny.attacker-queue", clock);
    }
}

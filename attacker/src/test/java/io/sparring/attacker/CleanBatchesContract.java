package io.sparring.attacker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.Test;

/** What an attacker may rely on, however its clean batches are shared out and its answers published. */
abstract class CleanBatchesContract {

    static final Duration WAIT = Duration.ofMillis(100);
    private static final ProducerRecord<Long, byte[]> MADE =
            new ProducerRecord<>("tiny.adversarial-batches", 0, 0L, new byte[] {1});
    private static final ProducerRecord<Long, byte[]> FACTS = new ProducerRecord<>("tiny.attacks", 0, 0L, new byte[] {2});

    final MockProducer<Long, byte[]> producer = new MockProducer<>(true, null, new LongSerializer(), new ByteArraySerializer());

    abstract CleanBatches batches();

    abstract Answers answers();

    /** To the first partition, which is this attacker's. */
    abstract void append(Long key, Received<ImageBatch> value);

    /** Makes publishing fail from now on; null ends that. */
    abstract void failPublishing(KafkaException failure);

    @Test
    void givesTheLowestNumberFirstAndEachOnce() {
        append(0, 1, 2);
        List<Long> numbers = new ArrayList<>();
        for (Optional<ConsumerRecord<Long, Received<ImageBatch>>> next; (next = polled()).isPresent();) {
            numbers.add(next.get().key());
            assertThat(commit(next.get(), List.of(MADE, FACTS))).isTrue();
        }
        assertThat(numbers).containsExactly(0L, 1L, 2L);
        assertThat(producer.history()).containsExactly(MADE, FACTS, MADE, FACTS, MADE, FACTS);
    }

    @Test
    void keepsABatchUntilItIsAnswered() {
        append(0);
        for (int i = 0; i < 3; i++) {
            assertThat(polled()).map(ConsumerRecord::key).hasValue(0L);
        }
        assertThat(commit(polled().orElseThrow(), List.of())).isTrue();
        assertThat(polled()).isEmpty();
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void givesARecordWithoutANumberOrAValueToo() {
        append(null, null);
        ConsumerRecord<Long, Received<ImageBatch>> record = polled().orElseThrow();
        assertThat(record.key()).isNull();
        assertThat(commit(record, List.of(MADE))).isTrue();
        assertThat(polled()).isEmpty();
    }

    @Test
    void givesABatchAgainWhoseAnswerCouldNotBePublished() {
        append(0, 1);
        failPublishing(new KafkaException("lost"));
        assertThat(commit(polled().orElseThrow(), List.of(MADE))).isFalse();
        failPublishing(null);
        assertThat(polled()).map(ConsumerRecord::key).hasValue(0L);
        assertThat(commit(polled().orElseThrow(), List.of(MADE))).isTrue();
        assertThat(polled()).map(ConsumerRecord::key).hasValue(1L);
        assertThat(producer.history()).containsExactly(MADE);
    }

    @Test
    void doesNotGoOnWithoutTheRightToPublish() {
        append(0);
        failPublishing(new TopicAuthorizationException("not yours"));
        assertThatThrownBy(() -> commit(polled().orElseThrow(), List.of(MADE)))
                .isInstanceOf(TopicAuthorizationException.class);
    }

    @Test
    void hasNoProblemOnceItReads() {
        polled();
        assertThat(batches().problem()).isEmpty();
    }

    private boolean commit(ConsumerRecord<Long, Received<ImageBatch>> record, List<ProducerRecord<Long, byte[]>> made) {
        return published(answers(), record, made);
    }

    /** What comes of an answer. */
    static boolean published(Answers answers, ConsumerRecord<Long, Received<ImageBatch>> record,
            List<ProducerRecord<Long, byte[]>> made) {
        List<Boolean> outcomes = new ArrayList<>();
        answers.commit(record, made, outcomes::add);
        answers.settle();
        assertThat(outcomes).hasSize(1);
        return outcomes.get(0);
    }

    void append(long... numbers) {
        for (long number : numbers) {
            append(number, Received.readable(TinyRun.batch(number, number)));
        }
    }

    Optional<ConsumerRecord<Long, Received<ImageBatch>>> polled() {
        batches().poll(WAIT);
        return batches().lowest();
    }
}

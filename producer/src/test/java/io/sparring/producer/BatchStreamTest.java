package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.StatusBoard;
import io.sparring.pipeline.Tracing;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BatchStreamTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final StatusBoard status = new StatusBoard(new SettableClock(), meters);
    private final MockProducer<Long, byte[]> producer =
            new MockProducer<>(true, null, new LongSerializer(), new ByteArraySerializer());

    @BeforeEach
    void begin() {
        producer.initTransactions();
    }

    @Test
    void sendsTheNumbersInOrderUpToTheLimit() {
        BatchStream stream = stream(0, 1, 2);
        stream.send(5);
        assertThat(producer.history()).extracting(ProducerRecord::key).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(stream.next()).isEqualTo(5);
        stream.send(7);
        assertThat(producer.history()).extracting(ProducerRecord::key).endsWith(5L, 6L);
        assertThat(producer.commitCount()).isEqualTo(2);
    }

    @Test
    void aTransactionHasAFewRecordsOnly() {
        BatchStream stream = stream(0, 1, 2);
        stream.send(100);
        assertThat(producer.history()).hasSize(BatchStream.TRANSACTION);
        assertThat(stream.next()).isEqualTo(BatchStream.TRANSACTION);
        assertThat(producer.commitCount()).isEqualTo(1);
    }

    @Test
    void fillsTheGapsThatAnAbortedTransactionHasLeft() {
        BatchStream stream = stream(9, 1, 5);
        assertThat(stream.next()).isEqualTo(1);
        stream.send(10);
        assertThat(producer.history()).extracting(ProducerRecord::key).containsExactly(1L, 4L, 5L, 7L, 8L, 9L);
    }

    @Test
    void countsTheImagesOfEachBatch() {
        stream(0, 1, 2).send(3);
        assertThat(meters.get("sparring.batches").counter().count()).isEqualTo(3);
        assertThat(meters.get("sparring.images").counter().count()).isEqualTo(10 + 11 + 12);
    }

    @Test
    void aSecondProducerOfTheRunEndsTheFirst() {
        producer.fenceProducer();
        assertThatThrownBy(() -> stream(0, 1, 2).send(3)).isInstanceOf(ProducerFencedException.class);
        assertThat(producer.history()).isEmpty();
    }

    private BatchStream stream(long... next) {
        return new BatchStream(producer, number -> new ProducerRecord<>("tiny.clean-batches", (int) (number % 3), number,
                new byte[] {(byte) number}), number -> 10 + (int) number, next, status, Tracing.OFF);
    }
}

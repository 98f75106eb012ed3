package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class DeadLetterBoxTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final List<Producer<byte[], byte[]>> made = new ArrayList<>();
    private final DeadLetterBox box = new DeadLetterBox(() -> {
        made.add(producer);
        return producer;
    }, "run", meters);

    @Test
    void hasNoClientUntilThereIsALetter() {
        assertThat(made).isEmpty();
        box.add(record(7L), new byte[] {1}, "bad");
        box.add(record("name"), null, "bad");
        box.add(record(new byte[] {5}), null, "bad");
        box.add(record(null), null, "bad");
        assertThat(made).hasSize(1);
        assertThat(producer.history()).extracting(ProducerRecord::key).containsExactly(
                ByteBuffer.allocate(8).putLong(7).array(), "name".getBytes(), new byte[] {5}, null);
        assertThat(count("sparring.dead.letters")).isEqualTo(4);
        assertThat(count("sparring.dead.letters.lost")).isZero();
    }

    @Test
    void whatCannotBeDeliveredIsCountedAndFailsNobody() {
        producer.sendException = new KafkaException("gone");
        box.add(record(7L), null, "bad");
        assertThat(count("sparring.dead.letters.lost")).isEqualTo(1);
        producer.sendException = null;
        box.close();
        box.add(record(7L), null, "bad");
        assertThat(count("sparring.dead.letters.lost")).isEqualTo(2);
        assertThat(producer.closed()).isTrue();
    }

    @Test
    void aLetterThatWouldBeTooLargeGoesWithoutItsValue() {
        byte[] large = new byte[KafkaSettings.LARGEST_RECORD - 10];
        box.add(record(7L), large, "x".repeat(100_000));
        ProducerRecord<byte[], byte[]> letter = producer.history().get(0);
        assertThat(letter.value()).isNull();
        assertThat(DeadLetters.text(letter.headers(), DeadLetters.SIZE)).contains(Integer.toString(large.length));
        assertThat(DeadLetters.text(letter.headers(), DeadLetters.REASON).orElseThrow()).hasSizeLessThan(3_000);
    }

    @Test
    void aRecordThatWasSentAgainSaysSo() {
        ConsumerRecord<Object, Object> again = record(7L);
        again.headers().add(DeadLetters.REDRIVEN, "12".getBytes());
        box.add(again, null, "bad");
        assertThat(DeadLetters.text(producer.history().get(0).headers(), DeadLetters.REDRIVEN)).contains("12");
    }

    private static ConsumerRecord<Object, Object> record(Object key) {
        return new ConsumerRecord<>("run.clean-batches", 0, 0, key, null);
    }

    private double count(String name) {
        return meters.get(name).counter().count();
    }
}

package io.sparring.pipeline;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the dead letters of a process whose readers have no transaction to send them in. Has no client until there is one. */
final class DeadLetterBox implements SetAside, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterBox.class);
    private static final Duration CLOSING = Duration.ofSeconds(5);
    /** Larger than any key of ours; the letter goes without it. */
    private static final int LARGEST_KEY = 16 * 1024;

    private final DeadLetters letters;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Counter lost;
    private Producer<byte[], byte[]> producer;
    private boolean closed;

    DeadLetterBox(KafkaSettings kafka, String run, MeterRegistry meters) {
        this(() -> kafka.background(new ByteArraySerializer()), run, meters);
    }

    DeadLetterBox(Supplier<Producer<byte[], byte[]>> producers, String run, MeterRegistry meters) {
        this.producers = producers;
        this.letters = new DeadLetters(run, meters);
        this.lost = Metric.DEAD_LETTERS_LOST.counter(meters);
    }

    @Override
    public synchronized void add(ConsumerRecord<?, ?> record, byte[] bytes, String reason) {
        ProducerRecord<byte[], byte[]> letter = letters.of(record, key(record.key()), bytes, reason);
        if (closed) {
            lost(new IllegalStateException("the service is closed"));
            return;
        }
        try {
            if (producer == null) {
                producer = producers.get();
            }
            producer.send(letter, (metadata, failure) -> {
                if (failure != null) {
                    lost(failure);
                }
            });
        } catch (KafkaException e) {
            lost(e);
        }
    }

    /** Its record still stands in its topic, and the log has said where. */
    private void lost(Exception failure) {
        lost.increment();
        LOG.warn("a dead letter is not delivered: {}", failure.toString());
    }

    private static byte[] key(Object key) {
        byte[] bytes = key instanceof Long number ? ByteBuffer.allocate(Long.BYTES).putLong(number).array()
                : key instanceof String name ? name.getBytes(StandardCharsets.UTF_8)
                : key instanceof byte[] raw ? raw : null;
        return bytes != null && bytes.length <= LARGEST_KEY ? bytes : null;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (producer != null) {
            producer.close(CLOSING);
        }
    }
}

package io.sparring.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WriterSchemaHeader;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What could not be read, set aside with where it came from and why. */
public final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private final String topic;
    private final MeterRegistry meters;

    public DeadLetters(String run, MeterRegistry meters) {
        this.topic = RunTopic.DEAD_LETTERS.of(run);
        this.meters = meters;
    }

    /**
     * The dead letter of {@code record}, counted; the caller sends it, in its transaction if it has one.
     *
     * @param bytes the record's value as it came
     * @param reason one sentence
     */
    public <K> ProducerRecord<K, byte[]> of(ConsumerRecord<K, ?> record, byte[] bytes, String reason) {
        LOG.warn("set aside {}-{} offset {}: {}", record.topic(), record.partition(), record.offset(), reason);
        meters.counter("sparring.dead.letters", "topic", record.topic()).increment();
        ProducerRecord<K, byte[]> letter = new ProducerRecord<>(topic, 0, record.key(), bytes);
        header(letter, "topic", record.topic());
        header(letter, "partition", Integer.toString(record.partition()));
        header(letter, "offset", Long.toString(record.offset()));
        header(letter, "reason", reason);
        Header schema = record.headers().lastHeader(WriterSchemaHeader.NAME);
        if (schema != null) {
            letter.headers().add(schema);
        }
        return letter;
    }

    private static void header(ProducerRecord<?, ?> letter, String name, String value) {
        letter.headers().add("sparring-" + name, value.getBytes(StandardCharsets.UTF_8));
    }
}

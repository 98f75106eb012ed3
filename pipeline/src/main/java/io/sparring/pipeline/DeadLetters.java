package io.sparring.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WriterSchemaHeader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What could not be read or used, set aside with where it came from and why.
 *
 * <p>What identifies a dead letter is its origin: topic, partition and offset. Several readers of a topic may set the same record
 * aside, and a reader that is started again does so again; whoever reads dead letters counts each origin once.
 */
public final class DeadLetters {

    /** Headers of a letter: where its record was, and why it was set aside. */
    public static final String TOPIC = "sparring-topic";
    public static final String PARTITION = "sparring-partition";
    public static final String OFFSET = "sparring-offset";
    public static final String REASON = "sparring-reason";
    /** Header of a letter without its record's value: how many bytes that has. */
    public static final String SIZE = "sparring-size";
    /** Header of a letter, and of a record that was sent to its topic again: where that was set aside before. */
    public static final String REDRIVEN = "sparring-redriven";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    /** Room for a letter's headers within the largest record. */
    private static final int LARGEST = KafkaSettings.LARGEST_RECORD - 64 * 1024;
    private static final int LONGEST_REASON = 2_000;
    private static final int LARGEST_KEY = 16 * 1024;
    private static final int LARGEST_ORIGIN = 1024;
    private static final int LARGEST_SCHEMA = 32 * 1024;

    private final String topic;
    private final MeterRegistry meters;

    public DeadLetters(String run, MeterRegistry meters) {
        this.topic = RunTopic.DEAD_LETTERS.of(run);
        this.meters = meters;
    }

    /**
     * The dead letter of {@code record}, counted; the caller sends it, in its transaction if it has one.
     *
     * @param bytes the record's value as it came; a letter that would be too large for a record goes without
     * @param reason one sentence
     */
    public <K> ProducerRecord<K, byte[]> of(ConsumerRecord<K, ?> record, byte[] bytes, String reason) {
        return of(record, record.key(), bytes, reason);
    }

    /** The same under another form of its key. */
    <K> ProducerRecord<K, byte[]> of(ConsumerRecord<?, ?> record, K key, byte[] bytes, String reason) {
        LOG.warn("set aside {}-{} offset {}: {}", record.topic(), record.partition(), record.offset(), reason);
        Metric.DEAD_LETTERS.counter(meters, record.topic()).increment();
        return letter(topic, record, key, bytes, reason);
    }

    /** The dead letter of {@code record} on {@code topic}, not counted. */
    public static <K> ProducerRecord<K, byte[]> letter(String topic, ConsumerRecord<?, ?> record, K key, byte[] bytes,
            String reason) {
        boolean whole = bytes == null || bytes.length <= LARGEST;
        ProducerRecord<K, byte[]> letter = new ProducerRecord<>(topic, 0, key, whole ? bytes : null);
        header(letter, TOPIC, record.topic());
        header(letter, PARTITION, Integer.toString(record.partition()));
        header(letter, OFFSET, Long.toString(record.offset()));
        header(letter, REASON, reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + " ...");
        int size = bytes == null ? record.serializedValueSize() : bytes.length;
        if (letter.value() == null && size >= 0) {
            header(letter, SIZE, Integer.toString(size));
        }
        copy(record.headers(), REDRIVEN, LARGEST_ORIGIN, letter);
        copy(record.headers(), BatchNumberDeserializer.RAW_KEY, LARGEST_KEY, letter);
        copy(record.headers(), WriterSchemaHeader.NAME, LARGEST_SCHEMA, letter);
        return letter;
    }

    /** What is larger than any of ours would make the letter too large to be sent. */
    private static void copy(Headers from, String name, int largest, ProducerRecord<?, ?> letter) {
        Header header = from.lastHeader(name);
        if (header != null && header.value() != null && header.value().length <= largest) {
            letter.headers().add(name, header.value());
        }
    }

    /** The text of a header, if it is there. */
    public static Optional<String> text(Headers headers, String name) {
        return Optional.ofNullable(headers.lastHeader(name)).map(Header::value)
                .map(value -> new String(value, StandardCharsets.UTF_8));
    }

    private static void header(ProducerRecord<?, ?> letter, String name, String value) {
        letter.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}

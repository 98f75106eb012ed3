package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.schemas.BatchNumberDeserializer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final DeadLetters letters = new DeadLetters("run", meters);

    @Test
    void aLetterHasTheBytesTheKeyAndWhereItComesFrom() {
        byte[] bytes = {1, 2, 3};
        ConsumerRecord<Long, String> record = new ConsumerRecord<>("run.clean-batches", 3, 41, 9L, "x");
        ProducerRecord<Long, byte[]> letter = letters.of(record, bytes, "no bätch");
        assertThat(letter.topic()).isEqualTo("run.dead-letters");
        assertThat(letter.partition()).isZero();
        assertThat(letter.key()).isEqualTo(9L);
        assertThat(letter.value()).isSameAs(bytes);
        Map<String, String> headers = new TreeMap<>();
        letter.headers().forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        assertThat(headers).isEqualTo(Map.of("sparring-topic", "run.clean-batches", "sparring-partition", "3",
                "sparring-offset", "41", "sparring-reason", "no bätch"));
    }

    @Test
    void aRecordWithoutKeyOrValueHasALetterToo() {
        ConsumerRecord<Long, String> record = new ConsumerRecord<>("run.clean-batches", 0, 0, null, null);
        ProducerRecord<Long, byte[]> letter = letters.of(record, null, "empty");
        assertThat(letter.key()).isNull();
        assertThat(letter.value()).isNull();
        assertThat(letter.headers().lastHeader("sparring-reason").value()).isEqualTo("empty".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aLetterKeepsTheSchemaThatItsRecordWasWrittenWith() {
        ConsumerRecord<Long, String> record = new ConsumerRecord<>("run.clean-batches", 0, 0, 1L, "x");
        record.headers().add("sparring-schema", new byte[] {1}).add("of others", new byte[] {2});
        ProducerRecord<Long, byte[]> letter = letters.of(record, new byte[1], "later");
        assertThat(letter.headers().lastHeader("sparring-schema").value()).containsExactly(1);
        assertThat(letter.headers().lastHeader("of others")).isNull();
    }

    /** Whoever writes such a record must not stop those who set it aside. */
    @Test
    void aLetterIsNoLargerThanARecordMayBeWhateverItsRecordsHeadersAre() {
        ConsumerRecord<Long, String> record = new ConsumerRecord<>("run.clean-batches", 0, 0, 1L, "x");
        for (String name : List.of("sparring-schema", "sparring-redriven", BatchNumberDeserializer.RAW_KEY)) {
            record.headers().add(name, new byte[KafkaSettings.LARGEST_RECORD]);
        }
        ProducerRecord<Long, byte[]> letter = letters.of(record, new byte[100], "r".repeat(100_000));
        long size = 100;
        for (Header header : letter.headers()) {
            size += header.key().length() + header.value().length;
        }
        assertThat(size).isLessThan(10_000);
    }

    @Test
    void lettersAreCountedByTopic() {
        for (String topic : new String[] {"run.clean-batches", "run.held-out-batches", "run.clean-batches"}) {
            letters.of(new ConsumerRecord<>(topic, 0, 0, 1L, null), new byte[0], "empty");
        }
        assertThat(count("run.clean-batches")).isEqualTo(2);
        assertThat(count("run.held-out-batches")).isEqualTo(1);
    }

    private double count(String topic) {
        return meters.get("sparring.dead.letters").tag("topic", topic).counter().count();
    }
}

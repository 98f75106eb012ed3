package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.schemas.RunTopic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The dead letters of a run. They may be many and large, so none is held. */
record DeadLetterLog(KafkaSettings kafka, String run) {

    private static final Duration POLL = Duration.ofMillis(100);

    /** Shows every letter that there is now, oldest first. */
    void forEach(Consumer<DeadLetter> reader) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            TopicPartition partition = consumer.assignment().iterator().next();
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    reader.accept(DeadLetter.of(record));
                }
            }
        }
    }

    /** Per origin one letter, the first that has the record's value, by its id; with {@code topic}, of that one alone. */
    SortedMap<Long, DeadLetter> ids(Optional<String> topic) {
        Map<Object, DeadLetter> byOrigin = new HashMap<>();
        forEach(letter -> {
            if (topic.isEmpty() || letter.topic().equals(topic.get())) {
                DeadLetter light = new DeadLetter(letter.id(), letter.at(), letter.origin(), letter.key(),
                        letter.value() == null ? null : new byte[0], letter.size(), letter.reason(), letter.redriven(),
                        letter.schema());
                Object origin = letter.origin().map(Object.class::cast).orElse(letter.id());
                byOrigin.merge(origin, light, (first, later) -> first.value() == null && later.value() != null ? later : first);
            }
        });
        SortedMap<Long, DeadLetter> letters = new TreeMap<>();
        byOrigin.values().forEach(letter -> letters.put(letter.id(), letter));
        return letters;
    }

    /** @throws IllegalArgumentException if there is no letter of that id */
    DeadLetter letter(long id) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            TopicPartition partition = consumer.assignment().iterator().next();
            long beginning = consumer.beginningOffsets(List.of(partition)).get(partition);
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            if (id >= beginning && id < end) {
                consumer.seek(partition, id);
                while (consumer.position(partition) <= id) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                        if (record.offset() == id) {
                            return DeadLetter.of(record);
                        }
                    }
                }
            }
            throw new IllegalArgumentException("dead letter: '" + id + "' is not allowed; allowed: those that `sparring "
                    + "dead-letters list` lists" + (end > beginning ? ", from " + beginning + " to " + (end - 1) : "; there are none"));
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        KafkaConsumer<byte[], byte[]> consumer = kafka.reader(new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(new TopicPartition(RunTopic.DEAD_LETTERS.of(run), 0)));
        return consumer;
    }
}

package io.sparring.dashboard;

import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** The metric topics of the run {@code fashion}, which any number of consumers read. */
final class FakeTopics {

    static final String RUN = "fashion";

    private final Map<RunTopic, List<ConsumerRecord<byte[], byte[]>>> records = new EnumMap<>(RunTopic.class);
    private final Map<RunTopic, Long> trimmed = new EnumMap<>(RunTopic.class);
    private int readers;
    private KafkaException failure;

    FakeTopics(RunTopic... there) {
        for (RunTopic topic : there) {
            create(topic);
        }
    }

    /** All that a dashboard reads. */
    static FakeTopics all() {
        return new FakeTopics(TopicReader.FURTHEST.keySet().toArray(RunTopic[]::new));
    }

    synchronized void create(RunTopic topic) {
        records.put(topic, new ArrayList<>());
    }

    synchronized <T extends SpecificRecord> void append(RunTopic topic, Class<T> type, T value) {
        append(topic, WireFormat.of(type).encode(value));
    }

    synchronized void append(RunTopic topic, byte[] value) {
        add(new ConsumerRecord<>(topic.of(RUN), 0, records.get(topic).size(), MadeRecords.NOW, TimestampType.CREATE_TIME, 0, 0,
                null, value, new RecordHeaders(), Optional.empty()), topic);
    }

    synchronized void append(ConsumerRecord<byte[], byte[]> letter) {
        add(new ConsumerRecord<>(letter.topic(), 0, records.get(RunTopic.DEAD_LETTERS).size(), MadeRecords.NOW,
                TimestampType.CREATE_TIME, 0, 0, letter.key(), letter.value(), letter.headers(), Optional.empty()),
                RunTopic.DEAD_LETTERS);
    }

    private void add(ConsumerRecord<byte[], byte[]> record, RunTopic topic) {
        records.get(topic).add(record);
    }

    /** Deletes all records below {@code offset}. */
    synchronized void trim(RunTopic topic, long offset) {
        trimmed.put(topic, offset);
    }

    /** From now on, whoever asks anything gets this; null ends it. */
    synchronized void fail(KafkaException with) {
        failure = with;
    }

    synchronized Consumer<byte[], byte[]> reader() {
        readers++;
        return new Reader();
    }

    synchronized int readersMade() {
        return readers;
    }

    /** Locks itself before the topics, never the other way round. */
    private final class Reader extends MockConsumer<byte[], byte[]> {

        private static final long PAUSE_MILLIS = 20;

        private final Map<TopicPartition, Long> given = new HashMap<>();

        Reader() {
            super("none");
        }

        private void refresh() {
            synchronized (FakeTopics.this) {
                records.forEach((topic, all) -> {
                    String name = topic.of(RUN);
                    TopicPartition partition = new TopicPartition(name, 0);
                    updatePartitions(name, List.of(new PartitionInfo(name, 0, Node.noNode(), new Node[0], new Node[0])));
                    updateBeginningOffsets(Map.of(partition, trimmed.getOrDefault(topic, 0L)));
                    updateEndOffsets(Map.of(partition, (long) all.size()));
                });
            }
        }

        @Override
        public synchronized Map<String, List<PartitionInfo>> listTopics(Duration timeout) {
            refresh();
            return super.listTopics(timeout);
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            refresh();
            synchronized (FakeTopics.this) {
                records.forEach((topic, all) -> {
                    TopicPartition partition = new TopicPartition(topic.of(RUN), 0);
                    if (assignment().contains(partition)) {
                        long from = Math.max(position(partition), given.getOrDefault(partition, 0L));
                        all.stream().filter(record -> record.offset() >= from).forEach(this::addRecord);
                        given.put(partition, (long) all.size());
                    }
                });
            }
            ConsumerRecords<byte[], byte[]> polled = super.poll(timeout);
            return polled.isEmpty() ? pause(polled) : polled;
        }

        /** As a consumer waits for records. */
        private ConsumerRecords<byte[], byte[]> pause(ConsumerRecords<byte[], byte[]> none) {
            synchronized (FakeTopics.this) {
                try {
                    FakeTopics.this.wait(PAUSE_MILLIS);
                } catch (InterruptedException e) {
                    throw new InterruptException(e);
                }
            }
            return none;
        }

        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration timeout) {
            refresh();
            synchronized (FakeTopics.this) {
                if (failure != null) {
                    throw failure;
                }
            }
            return super.endOffsets(partitions, timeout);
        }
    }
}

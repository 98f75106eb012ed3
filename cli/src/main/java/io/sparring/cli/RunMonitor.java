package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.TrimmedRecords;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a run's small topics from their beginning, on a thread of its own, and keeps a {@link RunProgress} up to date. */
final class RunMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunMonitor.class);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, Consumer<ConsumerRecord<byte[], byte[]>>> readers;
    private final Thread thread;
    private volatile boolean closed;

    private RunMonitor(KafkaConsumer<byte[], byte[]> consumer, Map<String, Consumer<ConsumerRecord<byte[], byte[]>>> readers) {
        this.consumer = consumer;
        this.readers = readers;
        this.thread = new Thread(this::follow, "run-monitor");
        thread.setDaemon(true);
        thread.start();
    }

    static RunMonitor start(KafkaSettings kafka, String run, RunProgress progress) {
        return new RunMonitor(kafka.reader(new ByteArrayDeserializer(), new ByteArrayDeserializer()), Map.of(
                RunTopic.TRAINING_STEPS.of(run), steps(progress),
                RunTopic.ROBUSTNESS.of(run), reader(Robustness.class, progress::add),
                RunTopic.SERVICE_STATUS.of(run), reader(ServiceStatus.class, progress::add)));
    }

    private static Consumer<ConsumerRecord<byte[], byte[]>> steps(RunProgress progress) {
        Deserializer<Long> numbers = new BatchNumberDeserializer();
        Deserializer<TrainingStep> format = WireFormat.of(TrainingStep.class).serde().deserializer();
        return record -> {
            Long key = numbers.deserialize(record.topic(), record.key());
            TrainingStep step = format.deserialize(record.topic(), record.headers(), record.value());
            if (key == null || key != step.getBatchNumber()) {
                throw new IllegalArgumentException("batchNumber: " + step.getBatchNumber() + "; allowed: the record's key");
            }
            progress.add(step);
        };
    }

    private static <T extends SpecificRecord> Consumer<ConsumerRecord<byte[], byte[]>> reader(Class<T> type,
            Consumer<T> progress) {
        Deserializer<T> format = WireFormat.of(type).serde().deserializer();
        return record -> progress.accept(format.deserialize(record.topic(), record.headers(), record.value()));
    }

    private void follow() {
        try (consumer) {
            List<TopicPartition> partitions = readers.keySet().stream().map(topic -> new TopicPartition(topic, 0)).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closed) {
                followAsTrimmed();
            }
        } catch (WakeupException e) {
            LOG.debug("closed while waiting for records");
        }
    }

    private void followAsTrimmed() {
        try {
            consumer.poll(Duration.ofSeconds(1)).forEach(this::read);
        } catch (OffsetOutOfRangeException e) {
            TrimmedRecords.skip(consumer, e);
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.value() != null) {
                readers.get(record.topic()).accept(record);
            }
        } catch (RuntimeException e) {
            // services set it aside; who only watches goes on
            LOG.warn("passed over {} offset {}: {}", record.topic(), record.offset(), e.getMessage());
        }
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.TrimmedRecords;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
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
        WireFormat<TrainingStep> steps = WireFormat.of(TrainingStep.class);
        WireFormat<Robustness> reports = WireFormat.of(Robustness.class);
        WireFormat<ServiceStatus> status = WireFormat.of(ServiceStatus.class);
        return new RunMonitor(kafka.reader(new ByteArrayDeserializer(), new ByteArrayDeserializer()), Map.of(
                RunTopic.TRAINING_STEPS.of(run),
                record -> progress.add(requireKey(record.key(), steps.decode(ByteBuffer.wrap(record.value())))),
                RunTopic.ROBUSTNESS.of(run), record -> progress.add(reports.decode(ByteBuffer.wrap(record.value()))),
                RunTopic.SERVICE_STATUS.of(run), record -> progress.add(status.decode(ByteBuffer.wrap(record.value())))));
    }

    private static TrainingStep requireKey(byte[] key, TrainingStep step) {
        if (key == null || key.length != Long.BYTES || ByteBuffer.wrap(key).getLong() != step.getBatchNumber()) {
            throw new IllegalArgumentException("batchNumber: " + step.getBatchNumber() + "; allowed: the record's key");
        }
        return step;
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

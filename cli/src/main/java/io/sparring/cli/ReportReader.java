package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.schemas.Received;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a run's topic {@code robustness} from its beginning into {@link AccuracyReports}. Used by one thread. */
final class ReportReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReportReader.class);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Consumer<String, Received<Robustness>> consumer;
    private final TopicPartition partition;
    private final AccuracyReports reports;

    private ReportReader(Consumer<String, Received<Robustness>> consumer, String run, AccuracyReports reports) {
        this.consumer = consumer;
        this.partition = new TopicPartition(RunTopic.ROBUSTNESS.of(run), 0);
        this.reports = reports;
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    /** A reader that has read all there is now. */
    static ReportReader open(KafkaSettings kafka, String run, AccuracyReports reports) {
        ReportReader reader = new ReportReader(
                kafka.reader(new StringDeserializer(), WireFormat.of(Robustness.class).receiver()), run, reports);
        long end = reader.consumer.endOffsets(List.of(reader.partition)).get(reader.partition);
        while (reader.consumer.position(reader.partition) < end) {
            reader.poll(POLL);
        }
        return reader;
    }

    /** Reads what is new, waiting for it if need be. */
    void poll(Duration atMost) {
        for (ConsumerRecord<String, Received<Robustness>> record : consumer.poll(atMost)) {
            if (record.value() != null && record.value().isReadable()) {
                add(record);
            } else if (record.value() != null) {
                LOG.warn("passed over {} offset {}: {}", record.topic(), record.offset(), record.value().failure());
            }
        }
    }

    private void add(ConsumerRecord<String, Received<Robustness>> record) {
        try {
            reports.add(record.value().value());
        } catch (IllegalArgumentException e) {
            LOG.warn("passed over {} offset {}: {}", record.topic(), record.offset(), e.getMessage());
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}

package io.sparring.attacker;

import io.sparring.pipeline.SettableClock;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.utils.Time;

/** A share group as its members see it: hands out one record at a time, the earliest first, under locks that end by the clock. */
final class FakeShareGroup {

    static final int LOCK_MILLIS = 15_000;

    private final SettableClock clock;
    private final List<Entry> entries = new ArrayList<>();
    /** What every acknowledgement fails with; null for none. */
    KafkaException failure;
    boolean answers = true;

    FakeShareGroup(SettableClock clock) {
        this.clock = clock;
    }

    /** One record of the topic and who has it. */
    private static final class Entry {
        private final ConsumerRecord<Long, Received<ImageBatch>> record;
        private Member holder;
        private long lockedUntil;
        private boolean accepted;
        private int deliveries;

        Entry(ConsumerRecord<Long, Received<ImageBatch>> record) {
            this.record = record;
        }
    }

    void append(int partition, Long key, Received<ImageBatch> value) {
        long offset = entries.stream().filter(entry -> entry.record.partition() == partition).count();
        entries.add(new Entry(new ConsumerRecord<>(CleanBatchLog.TOPIC, partition, offset, key, value)));
    }

    void append(Collection<Long> numbers) {
        numbers.forEach(number -> append(0, number, Received.readable(TinyRun.batch(number, number))));
    }

    /** How often a batch was handed out. */
    int deliveries(long number) {
        return entries.stream().filter(entry -> number == entry.record.key()).findFirst().orElseThrow().deliveries;
    }

    List<Long> accepted() {
        return entries.stream().filter(entry -> entry.accepted).map(entry -> entry.record.key()).toList();
    }

    /** A consumer that is given records of one partition only, as members of a large group are. */
    Member join(int partition) {
        return new Member(partition);
    }

    final class Member extends MockShareConsumer<Long, Received<ImageBatch>> {

        private final int partition;
        private Entry held;
        private AcknowledgeType pending;
        private boolean renewed;
        private int fetches;
        Duration lastPollTimeout;
        boolean closed;

        private Member(int partition) {
            this.partition = partition;
        }

        @Override
        public synchronized ConsumerRecords<Long, Received<ImageBatch>> poll(Duration timeout) {
            lastPollTimeout = timeout;
            if (held != null && !renewed) {
                throw new IllegalStateException("All records must be acknowledged in explicit acknowledgement mode.");
            }
            if (answers) {
                fetches++;
            }
            if (held == null && answers) {
                held = entries.stream().filter(entry -> entry.record.partition() == partition && !entry.accepted
                        && (entry.holder == null || entry.lockedUntil <= clock.millis())).findFirst().orElse(null);
                if (held != null) {
                    held.holder = this;
                    held.lockedUntil = clock.millis() + LOCK_MILLIS;
                    held.deliveries++;
                }
            }
            renewed = false;
            return held == null ? ConsumerRecords.empty() : new ConsumerRecords<>(
                    Map.of(new TopicPartition(CleanBatchLog.TOPIC, partition), List.of(held.record)), Map.of());
        }

        @Override
        public synchronized void acknowledge(ConsumerRecord<Long, Received<ImageBatch>> record, AcknowledgeType type) {
            if (held == null || held.record != record) {
                throw new IllegalStateException("The record cannot be acknowledged.");
            }
            pending = type;
        }

        @Override
        public synchronized Map<TopicIdPartition, Optional<KafkaException>> commitSync(Duration timeout) {
            Entry entry = held;
            KafkaException failed = failure != null ? failure
                    : entry.holder != this || entry.lockedUntil <= clock.millis()
                            ? new InvalidRecordStateException("not yours") : null;
            renewed = failed == null && pending == AcknowledgeType.RENEW;
            if (renewed) {
                entry.lockedUntil = clock.millis() + LOCK_MILLIS;
            } else {
                held = null;
                if (failed == null) {
                    entry.accepted = pending == AcknowledgeType.ACCEPT;
                    entry.holder = null;
                }
            }
            return Map.of(new TopicIdPartition(Uuid.ONE_UUID, partition, CleanBatchLog.TOPIC), Optional.ofNullable(failed));
        }

        @Override
        public Optional<Integer> acquisitionLockTimeoutMs() {
            return Optional.of(LOCK_MILLIS);
        }

        @Override
        public synchronized Map<MetricName, ? extends Metric> metrics() {
            MetricName name = new MetricName("fetch-total", "consumer-share-fetch-manager-metrics", "", Map.of());
            return Map.of(name, new KafkaMetric(new Object(), name, (Measurable) (config, now) -> fetches, new MetricConfig(),
                    Time.SYSTEM));
        }

        @Override
        public synchronized void close(Duration timeout) {
            closed = true;
            if (held != null) {
                held.holder = null;
            }
        }
    }
}

package io.sparring.producer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sparring.pipeline.Metric;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the images of {@code incoming-images} that are part of committed batches. Nobody waits for it: what could not be
 * deleted is asked for again with a later batch. Used by one thread.
 */
final class NumberedTrimming {

    private static final Logger LOG = LoggerFactory.getLogger(NumberedTrimming.class);

    private final TopicPartition partition;
    private final Function<Map<TopicPartition, RecordsToDelete>, KafkaFuture<?>> deletion;
    private final Counter failures;
    private final AtomicBoolean underWay = new AtomicBoolean();

    NumberedTrimming(String topic, Admin admin, MeterRegistry meters) {
        this(topic, records -> admin.deleteRecords(records).all(), meters);
    }

    NumberedTrimming(String topic, Function<Map<TopicPartition, RecordsToDelete>, KafkaFuture<?>> deletion,
            MeterRegistry meters) {
        this.partition = new TopicPartition(topic, 0);
        this.deletion = deletion;
        this.failures = Metric.TRIMMING_FAILURES.counter(meters);
    }

    /** All images below that offset are part of committed batches. */
    void numbered(long next) {
        if (!underWay.compareAndSet(false, true)) {
            return;
        }
        deletion.apply(Map.of(partition, RecordsToDelete.beforeOffset(next))).whenComplete((done, failure) -> {
            underWay.set(false);
            if (failure != null) {
                failures.increment();
                LOG.warn("cannot trim {}, which is tried again with a later batch: {}", partition.topic(), failure.toString());
            }
        });
    }
}

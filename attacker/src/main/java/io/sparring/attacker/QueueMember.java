package io.sparring.attacker;

import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of the share group that hands out clean batches. It holds at most one, under a lock that the group takes back
 * when it is not renewed in time; then the batch has come to somebody else, and this one no longer holds it. May be used by
 * several threads.
 */
final class QueueMember implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QueueMember.class);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    /** A renewed record comes again at once. */
    private static final Duration AGAIN_LIMIT = Duration.ofSeconds(1);
    /** The least that Kafka allows by default. */
    private static final int SHORTEST_LOCK_MILLIS = 15_000;
    /** Two renewals may fail to get through. */
    private static final int RENEWALS_OF_A_LOCK = 3;

    private final ShareConsumer<Long, Received<ImageBatch>> consumer;
    private final Clock clock;
    private ConsumerRecord<Long, Received<ImageBatch>> held;
    private long lockedAt;
    private boolean asked;
    private double fetches;
    private volatile long heardAt = Long.MIN_VALUE;

    /** @param consumer acknowledges explicitly and gets one record at a time; closed with this */
    QueueMember(ShareConsumer<Long, Received<ImageBatch>> consumer, String topic, Clock clock) {
        this.consumer = consumer;
        this.clock = clock;
        consumer.subscribe(List.of(topic));
    }

    /** Asks for a batch, if none is held. One that does not come in time may come later, to be collected. */
    synchronized void poll(Duration atMost) {
        if (held == null) {
            hold(atMost);
            asked = held == null;
            double total = consumer.metrics().entrySet().stream().filter(metric -> metric.getKey().name().equals("fetch-total"))
                    .mapToDouble(metric -> (Double) metric.getValue().metricValue()).sum();
            if (total > fetches) {
                fetches = total;
                heardAt = clock.millis();
            }
        }
    }

    /** Takes what has come since it was asked for, so that its lock is renewed too. */
    synchronized void collect() {
        if (asked) {
            poll(Duration.ZERO);
        }
    }

    /** The batch that is held. */
    synchronized Optional<ConsumerRecord<Long, Received<ImageBatch>>> held() {
        return Optional.ofNullable(held);
    }

    /** Takes the lock anew if a third of its time is over. */
    synchronized void renew() {
        if (held == null || clock.millis() - lockedAt < lockMillis() / RENEWALS_OF_A_LOCK) {
            return;
        }
        ConsumerRecord<Long, Received<ImageBatch>> renewed = held;
        boolean locked = acknowledge(AcknowledgeType.RENEW);
        hold(AGAIN_LIMIT);
        if (held != null && held.partition() == renewed.partition() && held.offset() == renewed.offset()) {
            held = renewed;
        } else {
            LOG.warn("the lock of batch {} is lost ({}): another attacker may craft it too", renewed.key(),
                    locked ? "it did not come again" : "not renewed");
        }
    }

    /** Says that the batch is answered: nobody gets it again. False if it is no longer this member's to say so. */
    synchronized boolean accept(ConsumerRecord<Long, Received<ImageBatch>> record) {
        if (held != record) {
            return false;
        }
        return acknowledge(AcknowledgeType.ACCEPT);
    }

    /** When the group last answered, in milliseconds of the clock; the smallest number if it never has. */
    long heardAt() {
        return heardAt;
    }

    @Override
    public synchronized void close() {
        try {
            asked = false;
            if (held != null) {
                acknowledge(AcknowledgeType.RELEASE);
            }
        } catch (KafkaException e) {
            LOG.warn("batch not given back: it comes to others when its lock ends: {}", e.toString());
        } finally {
            consumer.close(ANSWER_LIMIT);
        }
    }

    private void hold(Duration atMost) {
        held = null;
        for (ConsumerRecord<Long, Received<ImageBatch>> record : consumer.poll(atMost)) {
            if (held != null) {
                throw new IllegalStateException("the group " + consumer.subscription() + " gave more than one record");
            }
            held = record;
            lockedAt = clock.millis();
            heardAt = lockedAt;
        }
    }

    private int lockMillis() {
        return consumer.acquisitionLockTimeoutMs().orElse(SHORTEST_LOCK_MILLIS);
    }

    /** Lets go of what is held; whether the group took note of it. */
    private boolean acknowledge(AcknowledgeType type) {
        ConsumerRecord<Long, Received<ImageBatch>> record = held;
        held = null;
        consumer.acknowledge(record, type);
        boolean done = true;
        for (Optional<KafkaException> failure : consumer.commitSync(ANSWER_LIMIT).values()) {
            if (failure.isPresent()) {
                if (failure.get() instanceof AuthenticationException || failure.get() instanceof AuthorizationException) {
                    throw failure.get();
                }
                LOG.warn("{} of batch {} failed: {}", type, record.key(), failure.get().toString());
                done = false;
            }
        }
        if (done) {
            heardAt = clock.millis();
        }
        return done;
    }
}

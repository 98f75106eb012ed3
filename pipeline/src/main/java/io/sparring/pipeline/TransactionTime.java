package io.sparring.pipeline;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * How long a transaction has been open. The broker answers a producer that another has fenced and one whose own transaction it
 * has given up alike; which of the two it was is known by the time alone. Used by one thread.
 */
public final class TransactionTime {

    /** After this long the broker gives a transaction up, so that one killed half way does not hold readers up for a minute. */
    public static final Duration LIMIT = Duration.ofSeconds(10);

    /**
     * The same for the trainer's, which take an update and its checkpoint, gigabytes of a large network. The next trainer gives up what the
     * one before it left open, so that nobody waits for this.
     */
    public static final Duration LARGE_LIMIT = Duration.ofMinutes(2);

    private final LongSupplier nanoTime;
    private long began;

    public TransactionTime() {
        this(System::nanoTime);
    }

    TransactionTime(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        began = nanoTime.getAsLong();
    }

    /** A transaction begins. */
    public void begin() {
        began = nanoTime.getAsLong();
    }

    /**
     * What a failure of the transaction comes to: one that passes, {@link Outage#passes}, for a producer that is fenced only
     * because its transaction was open for too long; otherwise the failure itself.
     */
    public KafkaException judge(KafkaException failure) {
        boolean outlived = nanoTime.getAsLong() - began >= LIMIT.toNanos();
        return outlived && Outage.fenced(failure)
                ? new TimeoutException("the transaction was open for more than " + LIMIT.toSeconds() + " s", failure)
                : failure;
    }
}

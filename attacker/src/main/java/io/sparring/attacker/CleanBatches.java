package io.sparring.attacker;

import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The clean batches that an attacker holds of those that all attackers share out, lowest number first. What is held stays so
 * until its answer is handed over ({@link Answers}) or it comes to another attacker.
 *
 * <p>Used by the service's thread, but for {@link #problem()}.
 */
interface CleanBatches extends AutoCloseable {

    /** What an attacker says that has not begun to read. */
    String NOT_ASSIGNED = "no partition of clean-batches is assigned";

    /** Before all numbers, a record that has none. */
    Comparator<ConsumerRecord<Long, Received<ImageBatch>>> BY_NUMBER =
            Comparator.comparing(ConsumerRecord::key, Comparator.nullsFirst(Comparator.naturalOrder()));

    /** Reads what there is room for; returns at once if something is held that has not been waiting for long. */
    void poll(Duration atMost);

    /** The held batch of the lowest number; before all, a record that has none. */
    Optional<ConsumerRecord<Long, Received<ImageBatch>>> lowest();

    /** Why no batch can come to this attacker, or nothing. May be called by any thread. */
    Optional<String> problem();

    /** Lets others have what is held. */
    @Override
    void close();
}

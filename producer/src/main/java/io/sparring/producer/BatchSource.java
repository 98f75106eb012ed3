package io.sparring.producer;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a {@link BatchStream} sends. Used by one thread. */
interface BatchSource {

    /**
     * A batch's record.
     *
     * @param images how many there are in it
     */
    record Numbered(ProducerRecord<Long, byte[]> record, int images) {}

    /** How many batches there are now, at most {@code most}; may wait a moment for them. */
    int ready(int most);

    /** The batch of the next number to be sent; those that are {@link #ready} are asked for one after the other. */
    Numbered next(long number);

    /** Further records for the same transaction, each given once. */
    default List<ProducerRecord<Long, byte[]>> beside() {
        return List.of();
    }

    /** All that was given is committed. */
    default void committed() {
    }
}

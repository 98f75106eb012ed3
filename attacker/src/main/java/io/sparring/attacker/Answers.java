package io.sparring.attacker;

import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * How what is made of a held clean batch is published, such that none is let go of without its answer. One answer at most is under
 * way while the next batch is crafted. Used by one thread.
 */
interface Answers {

    /**
     * Publishes what was made of {@code record}, and that it is done; what was under way before is settled first.
     *
     * @param made of the record; may be none
     * @param outcome told by this thread, during this call or in {@link #settle()}, whether it is published; if not, the record
     *         comes again, here or elsewhere
     * @throws KafkaException what this attacker cannot go on after, as when another has taken its name
     */
    void commit(ConsumerRecord<Long, Received<ImageBatch>> record, List<ProducerRecord<Long, byte[]>> made, Consumer<Boolean> outcome);

    /** Whether the outcome of an answer is not known yet. Until it is {@link #settle() settled}, nothing may be read. */
    boolean underWay();

    /**
     * Waits for what is under way.
     *
     * @throws KafkaException as {@link #commit}
     */
    void settle();
}

package io.sparring.attacker;

import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** How what is made of a held clean batch is published, such that none is let go of without its answer. Used by one thread. */
interface Answers {

    /**
     * Publishes what was made of {@code record}, and that it is done.
     *
     * @param made of the record; may be none
     * @return false if that was given up and the record comes again, here or elsewhere
     * @throws KafkaException what this attacker cannot go on after, as when another has taken its name
     */
    boolean commit(ConsumerRecord<Long, Received<ImageBatch>> record, List<ProducerRecord<Long, byte[]>> made);
}

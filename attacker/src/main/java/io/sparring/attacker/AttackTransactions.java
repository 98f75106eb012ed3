package io.sparring.attacker;

import io.sparring.pipeline.FaultPoint;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is made of a clean batch and the position behind it come whole or not at all. Used by one thread. */
final class AttackTransactions {

    private static final Logger LOG = LoggerFactory.getLogger(AttackTransactions.class);

    private final Producer<Long, byte[]> producer;
    private final CleanBatches clean;

    /** @param producer transactional; the caller's to close, as is {@code clean} */
    AttackTransactions(Producer<Long, byte[]> producer, CleanBatches clean) {
        this.producer = producer;
        this.clean = clean;
        producer.initTransactions();
    }

    /**
     * Commits that {@code record} is done. Crafting came before: a transaction is open for milliseconds only, and holds no
     * reader up.
     *
     * @param made of the record; may be none
     * @return false if the transaction was given up and the record comes again
     * @throws KafkaException what this attacker cannot go on after, as when another has taken its name
     */
    boolean commit(ConsumerRecord<Long, Received<ImageBatch>> record, List<ProducerRecord<Long, byte[]>> made) {
        try {
            producer.beginTransaction();
            made.forEach(producer::send);
            producer.sendOffsetsToTransaction(CleanBatches.after(record), clean.group());
            FaultPoint.ATTACKER_TRANSACTION.reachedAfter(producer::flush);
            producer.commitTransaction();
        } catch (ProducerFencedException | InvalidProducerEpochException | AuthorizationException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warn("transaction given up, the batch is crafted again: {}", e.toString());
            producer.abortTransaction();
            clean.rewind();
            return false;
        }
        clean.done(record);
        return true;
    }
}

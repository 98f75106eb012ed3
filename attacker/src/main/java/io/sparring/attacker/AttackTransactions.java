package io.sparring.attacker;

import io.sparring.pipeline.FaultPoint;
import io.sparring.pipeline.Outage;
import io.sparring.pipeline.TransactionTime;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is made of a clean batch and the position behind it come whole or not at all. */
final class AttackTransactions implements Answers {

    private static final Logger LOG = LoggerFactory.getLogger(AttackTransactions.class);

    private final Producer<Long, byte[]> producer;
    private final GroupedBatches clean;
    private final TransactionTime time = new TransactionTime();

    /** @param producer transactional; the caller's to close, as is {@code clean} */
    AttackTransactions(Producer<Long, byte[]> producer, GroupedBatches clean) {
        this.producer = producer;
        this.clean = clean;
        producer.initTransactions();
    }

    /**
     * Crafting came before: a transaction is open for milliseconds only, and holds no reader up.
     *
     * @throws KafkaException what this producer cannot go on after, as when another has taken its name; one that {@link
     *         Outage#passes} another can
     */
    @Override
    public boolean commit(ConsumerRecord<Long, Received<ImageBatch>> record, List<ProducerRecord<Long, byte[]>> made) {
        time.begin();
        try {
            producer.beginTransaction();
            made.forEach(producer::send);
            producer.sendOffsetsToTransaction(GroupedBatches.after(record), clean.group());
            FaultPoint.ATTACKER_TRANSACTION.reachedAfter(producer::flush);
            producer.commitTransaction();
        } catch (KafkaException e) {
            giveUp(e);
            clean.rewind();
            return false;
        }
        clean.done(record);
        return true;
    }

    /** What the broker does not know the end of cannot be aborted either: the next producer of this name finds out. */
    private void giveUp(KafkaException failure) {
        if (failure instanceof AuthorizationException || failure instanceof TimeoutException || Outage.fenced(failure)) {
            throw time.judge(failure);
        }
        LOG.warn("transaction given up, the batch is crafted again: {}", failure.toString());
        try {
            producer.abortTransaction();
        } catch (KafkaException e) {
            throw time.judge(e);
        }
    }
}

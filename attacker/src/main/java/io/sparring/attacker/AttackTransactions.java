package io.sparring.attacker;

import io.sparring.pipeline.FaultPoint;
import io.sparring.pipeline.Outage;
import io.sparring.pipeline.TransactionTime;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is made of a clean batch and the position behind it come whole or not at all. A transaction takes several turns to the
 * brokers and back, in which the next batch is crafted already. Partitions move while their member reads, and it reads only
 * where no transaction is under way: so none is of a partition that has gone to another.
 */
final class AttackTransactions implements Answers {

    private static final Logger LOG = LoggerFactory.getLogger(AttackTransactions.class);

    private final Producer<Long, byte[]> producer;
    private final GroupedBatches clean;
    private final Executor aside;
    private final TransactionTime time = new TransactionTime();
    private FutureTask<Boolean> underWay;
    private Consumer<Boolean> outcome;

    /**
     * @param producer transactional; the caller's to close, as is {@code clean}
     * @param aside runs transactions, of which there is one at a time
     */
    AttackTransactions(Producer<Long, byte[]> producer, GroupedBatches clean, Executor aside) {
        this.producer = producer;
        this.clean = clean;
        this.aside = aside;
        producer.initTransactions();
    }

    @Override
    public void commit(ConsumerRecord<Long, Received<ImageBatch>> record, List<ProducerRecord<Long, byte[]>> made,
            Consumer<Boolean> outcome) {
        if (underWay()) {
            settle();
            clean.poll(Duration.ZERO);
        }
        if (!clean.take(record)) {
            // what was under way was given up, or the partition has gone to another meanwhile
            outcome.accept(false);
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> position = GroupedBatches.after(record);
        ConsumerGroupMetadata group = clean.group();
        this.outcome = outcome;
        underWay = new FutureTask<>(() -> transaction(made, position, group));
        aside.execute(underWay);
        if (underWay.isDone()) {
            settle();
        }
    }

    @Override
    public boolean underWay() {
        return underWay != null;
    }

    @Override
    public void settle() {
        if (!underWay()) {
            return;
        }
        FutureTask<Boolean> transaction = underWay;
        underWay = null;
        boolean committed = false;
        try {
            // by this thread, if it has not begun
            transaction.run();
            committed = transaction.get();
            if (!committed) {
                clean.rewind();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } finally {
            outcome.accept(committed);
        }
    }

    /**
     * Crafting came before: a transaction is open for milliseconds only, and holds no reader up.
     *
     * @return false if it was given up, and nothing of it is there
     * @throws KafkaException what this producer cannot go on after; one that {@link Outage#passes} another can
     */
    private boolean transaction(List<ProducerRecord<Long, byte[]>> made, Map<TopicPartition, OffsetAndMetadata> position,
            ConsumerGroupMetadata group) {
        time.begin();
        try {
            producer.beginTransaction();
            made.forEach(producer::send);
            producer.sendOffsetsToTransaction(position, group);
            FaultPoint.ATTACKER_TRANSACTION.reachedAfter(producer::flush);
            producer.commitTransaction();
            return true;
        } catch (KafkaException e) {
            giveUp(e, position);
            return false;
        }
    }

    /** What the broker does not know the end of cannot be aborted either: the next producer of this name finds out. */
    private void giveUp(KafkaException failure, Map<TopicPartition, OffsetAndMetadata> position) {
        if (failure instanceof AuthorizationException || failure instanceof TimeoutException || Outage.fenced(failure)) {
            throw time.judge(failure);
        }
        LOG.warn("transaction up to {} given up, the batch is crafted again: {}", position, failure.toString());
        try {
            producer.abortTransaction();
        } catch (KafkaException e) {
            throw time.judge(e);
        }
    }
}

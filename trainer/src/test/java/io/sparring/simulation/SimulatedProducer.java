package io.sparring.simulation;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The methods of a transactional Producer, with the errors of Kafka's: a failed send shows at the next call, a fenced producer
 * is of no more use, and after a commit without an answer nothing but that commit may be tried again.
 */
final class SimulatedProducer<K> {

    private final SimulatedProcess process;
    private final SimulatedBroker broker;
    private final Fate fate;
    private final String id;
    private final Serializer<K> keys;
    private int epoch;
    private SimulatedTransaction transaction;
    private KafkaException failure;
    private boolean unanswered;

    SimulatedProducer(SimulatedProcess process, SimulatedBroker broker, Fate fate, String id, Serializer<K> keys) {
        this.process = process;
        this.broker = broker;
        this.fate = fate;
        this.id = id;
        this.keys = keys;
    }

    void initTransactions() {
        epoch = process.call("takes", id, () -> broker.takeOver(id));
        fate.await(process, () -> !broker.ending(id));
    }

    void beginTransaction() {
        requireUsable();
        fate.await(process, () -> !broker.ending(id));
        transaction = broker.begin(id, epoch, process.name());
    }

    Future<RecordMetadata> send(ProducerRecord<K, byte[]> record) {
        requireUsable();
        byte[] key = keys.serialize(record.topic(), record.key());
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        try {
            long offset = process.call("sends", record, () ->
                    broker.append(transaction, partition, key, record.value(), record.headers()));
            return CompletableFuture.completedFuture(new RecordMetadata(partition, offset, 0, broker.now(), 0, 0));
        } catch (ProducerFencedException e) {
            failure = fate.chance(2) ? e : new InvalidProducerEpochException(e.getMessage());
            return CompletableFuture.failedFuture(failure);
        }
    }

    void sendOffsetsToTransaction(Map<TopicPartition, OffsetAndMetadata> positions, ConsumerGroupMetadata member) {
        requireUsable();
        process.call("sends", positions, () -> {
            broker.requireNewest(id, epoch);
            SimulatedGroup group = broker.group(member.groupId());
            if (!group.accepts(member.memberId(), member.generationId())) {
                failure = new CommitFailedException("not a member any more, or of an older generation");
                throw failure;
            }
            transaction.add(group, positions);
            return null;
        });
    }

    void commitTransaction() {
        requireUsable();
        boolean lost = fate.losesAnswer(process);
        unanswered = lost;
        if (lost && fate.chance(2)) {
            throw new TimeoutException("the commit did not arrive, or has no answer");
        }
        process.call("commits", id, () -> {
            broker.end(transaction, true);
            return null;
        });
        if (lost) {
            throw new TimeoutException("the commit did not arrive, or has no answer");
        }
    }

    void abortTransaction() {
        if (unanswered) {
            throw new IllegalStateException("the previous call to commitTransaction timed out and must be retried");
        }
        if (failure instanceof ProducerFencedException || failure instanceof InvalidProducerEpochException) {
            throw failure;
        }
        process.call("aborts", id, () -> {
            broker.end(transaction, false);
            return null;
        });
        failure = null;
    }

    void close() {
        // what it has open is left to the broker's timeout
    }

    private void requireUsable() {
        if (failure instanceof ProducerFencedException || failure instanceof InvalidProducerEpochException) {
            throw failure;
        }
        if (failure != null) {
            throw new KafkaException("in an error state", failure);
        }
    }
}

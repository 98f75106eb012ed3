package io.sparring.attacker;

import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is made of a queued batch is on the brokers before the batch is accepted. Queues have no transactions: an attacker that
 * ends in between leaves an answer whose batch another answers again, and the trainer takes the first.
 */
final class AcknowledgedAnswers implements Answers {

    private static final Logger LOG = LoggerFactory.getLogger(AcknowledgedAnswers.class);

    private final Producer<Long, byte[]> producer;
    private final QueuedBatches clean;

    /** @param producer idempotent, of acks=all; the caller's to close, as is {@code clean} */
    AcknowledgedAnswers(Producer<Long, byte[]> producer, QueuedBatches clean) {
        this.producer = producer;
        this.clean = clean;
    }

    @Override
    public void commit(ConsumerRecord<Long, Received<ImageBatch>> record, List<ProducerRecord<Long, byte[]>> made,
            Consumer<Boolean> outcome) {
        boolean acknowledged = acknowledged(made);
        if (acknowledged) {
            clean.done(record);
        }
        outcome.accept(acknowledged);
    }

    @Override
    public boolean underWay() {
        return false;
    }

    @Override
    public void settle() {
        // nothing is ever under way: a queue hands out the next batch once this one is accepted
    }

    private boolean acknowledged(List<ProducerRecord<Long, byte[]>> made) {
        try {
            List<Future<RecordMetadata>> sent = made.stream().map(producer::send).toList();
            producer.flush();
            for (Future<RecordMetadata> acknowledgement : sent) {
                acknowledgement.get();
            }
        } catch (AuthenticationException | AuthorizationException | InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            return givenUp(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthenticationException || e.getCause() instanceof AuthorizationException) {
                throw (KafkaException) e.getCause();
            }
            return givenUp(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        return true;
    }

    private static boolean givenUp(Throwable failure) {
        LOG.warn("answer given up, the batch is crafted again: {}", failure.toString());
        return false;
    }
}

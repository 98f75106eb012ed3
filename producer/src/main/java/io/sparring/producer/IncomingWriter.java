package io.sparring.producer;

import io.sparring.pipeline.Outage;
import io.sparring.schemas.IncomingImage;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * Writes images to the topic {@code incoming-images}, those of a call in one transaction: all of them, or none. May be used by
 * several threads, which wait for each other.
 */
final class IncomingWriter implements AutoCloseable {

    private static final WireFormat<IncomingImage> FORMAT = WireFormat.of(IncomingImage.class);

    private final String topic;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private Producer<byte[], byte[]> producer;
    private boolean closed;

    /** @param producers make transactional producers under one id, each of which is closed by this */
    IncomingWriter(String topic, Supplier<Producer<byte[], byte[]>> producers) {
        this.topic = topic;
        this.producers = producers;
    }

    /** A failure after which it is not known whether the images were taken: the cluster did not answer to the commit. */
    static final class UnknownOutcomeException extends KafkaException {

        private static final long serialVersionUID = 1L;

        UnknownOutcomeException(KafkaException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * Writes the images.
     *
     * @return the offset of each, acknowledged
     * @throws UnknownOutcomeException if it is not known whether they were taken
     * @throws KafkaException if none of them is taken; a later call may succeed
     */
    synchronized List<Long> write(List<IncomingImage> images) {
        if (closed) {
            throw new KafkaException("the producer is stopping");
        }
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try {
            begin();
            for (IncomingImage image : images) {
                sent.add(producer.send(new ProducerRecord<>(topic, 0, null, FORMAT.encode(image))));
            }
            // what could not be sent is known before anything is committed
            producer.flush();
            List<Long> offsets = offsets(sent);
            commit();
            return offsets;
        } catch (KafkaException e) {
            giveUp();
            throw e;
        }
    }

    private void begin() {
        if (producer == null) {
            producer = producers.get();
            producer.initTransactions();
        }
        producer.beginTransaction();
    }

    private void commit() {
        try {
            producer.commitTransaction();
        } catch (KafkaException e) {
            throw Outage.fenced(e) ? e : new UnknownOutcomeException(e);
        }
    }

    private static List<Long> offsets(List<Future<RecordMetadata>> sent) {
        List<Long> offsets = new ArrayList<>();
        try {
            for (Future<RecordMetadata> one : sent) {
                offsets.add(one.get().offset());
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
        return offsets;
    }

    /** The next producer of that id has the broker abort what this one had open. */
    private void giveUp() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        giveUp();
    }
}

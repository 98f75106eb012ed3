package io.sparring.producer;

import io.sparring.pipeline.FaultPoint;
import io.sparring.pipeline.StatusBoard;
import java.util.function.LongFunction;
import java.util.function.LongToIntFunction;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.MDC;

/** Sends the batches of one topic in order of number, a few in each transaction. Used by one thread. */
final class BatchStream {

    /** Records of one transaction, so that it is short and small. */
    static final int TRANSACTION = 8;

    private final Producer<Long, byte[]> producer;
    private final LongFunction<ProducerRecord<Long, byte[]>> record;
    private final LongToIntFunction images;
    private final long[] next;
    private final StatusBoard status;

    /**
     * @param producer transactional; the caller's to close
     * @param record makes the record of a batch number
     * @param images how many images the batch of a number has
     * @param next the next number of each partition; this stream's to change
     */
    BatchStream(Producer<Long, byte[]> producer, LongFunction<ProducerRecord<Long, byte[]>> record, LongToIntFunction images,
            long[] next, StatusBoard status) {
        this.producer = producer;
        this.record = record;
        this.images = images;
        this.next = next;
        this.status = status;
    }

    /** The lowest number that is still to be sent. */
    long next() {
        return next[StreamPosition.lowest(next)];
    }

    /** Sends one transaction of the batches below {@code limit} that are still to be sent; there is at least one. */
    void send(long limit) {
        producer.beginTransaction();
        for (int sent = 0; sent < TRANSACTION && next() < limit; sent++) {
            long number = next();
            MDC.put("batch", Long.toString(number));
            producer.send(record.apply(number));
            status.handled(images.applyAsInt(number));
            next[StreamPosition.lowest(next)] += next.length;
        }
        FaultPoint.PRODUCER_TRANSACTION.reachedAfter(producer::flush);
        producer.commitTransaction();
        MDC.remove("batch");
    }
}

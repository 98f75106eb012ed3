package io.sparring.producer;

import io.sparring.pipeline.FaultPoint;
import io.sparring.pipeline.Outage;
import io.sparring.pipeline.StatusBoard;
import io.sparring.pipeline.Traced;
import io.sparring.pipeline.Tracing;
import io.sparring.pipeline.TransactionTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.LongToIntFunction;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.MDC;

/** Sends the batches of one topic in order of number, a few in each transaction. Used by one thread. */
final class BatchStream {

    /** Records of one transaction, so that it is short and small. */
    static final int TRANSACTION = 8;

    private final Producer<Long, byte[]> producer;
    private final BatchSource source;
    private final long[] next;
    private final StatusBoard status;
    private final Tracing tracing;
    private final TransactionTime time = new TransactionTime();

    /**
     * @param producer transactional; the caller's to close
     * @param next the next number of each partition; this stream's to change
     * @param tracing begins a trace with each batch
     */
    BatchStream(Producer<Long, byte[]> producer, BatchSource source, long[] next, StatusBoard status, Tracing tracing) {
        this.tracing = tracing;
        this.producer = producer;
        this.source = source;
        this.next = next;
        this.status = status;
    }

    /**
     * Of batches that are functions of their numbers.
     *
     * @param record makes the record of a batch number
     * @param images how many images the batch of a number has
     */
    BatchStream(Producer<Long, byte[]> producer, LongFunction<ProducerRecord<Long, byte[]>> record, LongToIntFunction images,
            long[] next, StatusBoard status, Tracing tracing) {
        this(producer, new BatchSource() {
            @Override
            public int ready(int most) {
                return most;
            }

            @Override
            public Numbered next(long number) {
                return new Numbered(record.apply(number), images.applyAsInt(number));
            }
        }, next, status, tracing);
    }

    /** The lowest number that is still to be sent. */
    long next() {
        return next[StreamPosition.lowest(next)];
    }

    /**
     * Sends one transaction of those batches below {@code limit} that are still to be sent and there; of nothing, none.
     *
     * @return how many batches were sent
     * @throws KafkaException what its producer cannot go on after; one that {@link Outage#passes} another can, from what is
     *         committed
     */
    int send(long limit) {
        int batches = source.ready((int) Math.max(0, Math.min(TRANSACTION, limit - next())));
        List<ProducerRecord<Long, byte[]>> beside = source.beside();
        if (batches == 0 && beside.isEmpty()) {
            return 0;
        }
        time.begin();
        List<Traced> traced = new ArrayList<>();
        try {
            return sendTransaction(batches, limit, beside, traced);
        } catch (KafkaException e) {
            traced.forEach(sending -> sending.failed(e.toString()));
            throw time.judge(e);
        } finally {
            traced.forEach(Traced::close);
            MDC.remove("batch");
        }
    }

    /** @param traced takes the span of each batch, which ends with the transaction */
    private int sendTransaction(int batches, long limit, List<ProducerRecord<Long, byte[]>> beside, List<Traced> traced) {
        producer.beginTransaction();
        beside.forEach(producer::send);
        int sent = 0;
        for (; sent < batches && next() < limit; sent++) {
            long number = next();
            MDC.put("batch", Long.toString(number));
            BatchSource.Numbered batch = source.next(number);
            Traced sending = tracing.send(batch.record().topic());
            traced.add(sending);
            producer.send(sending.on(batch.record()));
            status.handled(batch.images());
            next[StreamPosition.lowest(next)] += next.length;
        }
        FaultPoint.PRODUCER_TRANSACTION.reachedAfter(producer::flush);
        producer.commitTransaction();
        source.committed();
        return sent;
    }
}

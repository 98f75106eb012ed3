package io.sparring.pipeline;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Something under way that is traced, or not: a span of {@link Tracing}. Ends with its close. May be used by several threads. */
public final class Traced implements AutoCloseable {

    /** Of a service that does not trace. */
    public static final Traced NONE = new Traced(Span.getInvalid());

    private final Span span;

    Traced(Span span) {
        this.span = span;
    }

    /** What others go on from; an invalid one where nothing is traced. */
    public SpanContext context() {
        return span.getSpanContext();
    }

    /** The record, with this in its headers. */
    public <K, V> ProducerRecord<K, V> on(ProducerRecord<K, V> record) {
        if (this != NONE) {
            TraceContext.put(context(), record.headers());
        }
        return record;
    }

    /** The records, with this in the headers of each. */
    public <K, V> List<ProducerRecord<K, V>> on(List<ProducerRecord<K, V>> records) {
        records.forEach(this::on);
        return records;
    }

    /** It has come to nothing. */
    public void failed(String reason) {
        span.setStatus(StatusCode.ERROR, reason);
    }

    @Override
    public void close() {
        span.end();
    }
}

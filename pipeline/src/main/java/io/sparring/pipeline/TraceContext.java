package io.sparring.pipeline;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.nio.charset.StandardCharsets;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The span that made a record, in the record's headers as W3C Trace Context writes it: {@code traceparent}, and {@code
 * tracestate} where there is one. Headers are no part of a record's value, so what is replayed is the same with them and without.
 */
public final class TraceContext {

    /** Name of the header that there is on each record of a service that traces. */
    public static final String HEADER = "traceparent";

    private static final TextMapGetter<Headers> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Headers headers) {
            return StreamSupport.stream(headers.spliterator(), false).map(Header::key).toList();
        }

        @Override
        public String get(Headers headers, String name) {
            Header header = headers == null ? null : headers.lastHeader(name);
            return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
        }
    };
    private static final TextMapSetter<Headers> SETTER =
            (headers, name, value) -> headers.remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));

    private TraceContext() {
    }

    /** What is in the headers; an invalid one where there is none, or none that can be read. */
    public static SpanContext of(Headers headers) {
        if (headers.lastHeader(HEADER) == null) {
            return SpanContext.getInvalid();
        }
        return Span.fromContext(W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, GETTER))
                .getSpanContext();
    }

    /** Puts it in the headers; an invalid one is not. */
    public static void put(SpanContext span, Headers headers) {
        W3CTraceContextPropagator.getInstance().inject(Context.root().with(Span.wrap(span)), headers, SETTER);
    }
}

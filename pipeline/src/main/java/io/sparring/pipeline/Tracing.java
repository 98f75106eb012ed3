package io.sparring.pipeline;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The spans of a service, by OpenTelemetry's semantic conventions for messaging: "send" of what it publishes, whose context the
 * record takes along, and "process" of what it works on. Who processes one record goes on with the trace that the record belongs
 * to; what is made of several is linked to each of them and begins a trace of its own.
 *
 * <p>{@link #OFF} makes no spans and puts nothing in headers. May be used by several threads.
 */
public final class Tracing implements AutoCloseable {

    /** No tracing, which is the default. */
    public static final Tracing OFF = new Tracing(null, () -> { });

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.name");
    private static final AttributeKey<String> OPERATION_TYPE = AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> PARTITION = AttributeKey.stringKey("messaging.destination.partition.id");
    private static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
    private static final AttributeKey<String> KEY = AttributeKey.stringKey("messaging.kafka.message.key");

    private final Tracer tracer;
    private final Runnable end;

    private Tracing(Tracer tracer, Runnable end) {
        this.tracer = tracer;
        this.end = end;
    }

    /** With that OpenTelemetry, which is the caller's to close. */
    public static Tracing of(OpenTelemetry telemetry) {
        return new Tracing(telemetry.getTracer("io.sparring"), () -> { });
    }

    /**
     * As OpenTelemetry's own variables ({@code OTEL_EXPORTER_OTLP_ENDPOINT}, {@code OTEL_TRACES_SAMPLER}, ...) say, of which these
     * have another default here: {@code OTEL_SERVICE_NAME} is {@code sparring-<service>}, {@code OTEL_EXPORTER_OTLP_PROTOCOL}
     * is {@code http/protobuf}, and of the three signals traces alone are exported, for metrics are Prometheus' to fetch.
     *
     * @throws IllegalArgumentException if a variable cannot be understood
     */
    public static Tracing configured(String service, String run, String instance) {
        OpenTelemetrySdk sdk;
        try {
            // HTTP is what the JDK's client can send
            sdk = AutoConfiguredOpenTelemetrySdk.builder().disableShutdownHook().addPropertiesSupplier(() -> Map.of(
                    "otel.service.name", "sparring-" + service, "otel.exporter.otlp.protocol", "http/protobuf",
                    "otel.metrics.exporter", "none", "otel.logs.exporter", "none"))
                    .addResourceCustomizer((resource, properties) -> resource.toBuilder()
                            .put("sparring.run", run).put("sparring.instance", instance).build())
                    .build().getOpenTelemetrySdk();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("tracing: OpenTelemetry cannot be set up: " + e.getMessage()
                    + "; allowed: the OTEL_... variables as OpenTelemetry documents them", e);
        }
        return new Tracing(sdk.getTracer("io.sparring"), sdk::close);
    }

    /** Whether there are spans. */
    public boolean isOn() {
        return tracer != null;
    }

    /** Begins to make and to send a record of {@code topic} that nothing else led to. */
    public Traced send(String topic) {
        return send(topic, SpanContext.getInvalid());
    }

    /** Begins to send a record of {@code topic} as part of what {@code parent} does; of an invalid one, of nothing. */
    public Traced send(String topic, SpanContext parent) {
        return isOn() ? begin("send", topic, SpanKind.PRODUCER, parent) : Traced.NONE;
    }

    /** Begins to send a record of {@code topic} that is made of several, whose spans these are. */
    public Traced send(String topic, Collection<SpanContext> origins) {
        return isOn() ? linked(builder("send", topic, SpanKind.PRODUCER, SpanContext.getInvalid()), origins) : Traced.NONE;
    }

    /**
     * Begins to work on a record.
     *
     * @param further what else that takes, such as the weights
     */
    public Traced process(ConsumerRecord<?, ?> record, SpanContext... further) {
        if (!isOn()) {
            return Traced.NONE;
        }
        SpanBuilder span = builder("process", record.topic(), SpanKind.CONSUMER, TraceContext.of(record.headers()))
                .setAttribute(PARTITION, Integer.toString(record.partition())).setAttribute(OFFSET, record.offset());
        if (record.key() != null) {
            span.setAttribute(KEY, record.key().toString());
        }
        return linked(span, List.of(further));
    }

    /** Begins to work on what came as one or several records of {@code topic}, sent by {@code origin}. */
    public Traced process(String topic, SpanContext origin) {
        return isOn() ? begin("process", topic, SpanKind.CONSUMER, origin) : Traced.NONE;
    }

    private Traced begin(String operation, String topic, SpanKind kind, SpanContext parent) {
        return new Traced(builder(operation, topic, kind, parent).startSpan());
    }

    private static Traced linked(SpanBuilder span, Collection<SpanContext> origins) {
        // of one that is not valid OpenTelemetry makes nothing
        origins.forEach(span::addLink);
        return new Traced(span.startSpan());
    }

    private SpanBuilder builder(String operation, String topic, SpanKind kind, SpanContext parent) {
        SpanBuilder span = tracer.spanBuilder(operation + " " + topic).setSpanKind(kind).setAttribute(SYSTEM, "kafka")
                .setAttribute(OPERATION, operation).setAttribute(OPERATION_TYPE, operation).setAttribute(DESTINATION, topic)
                .setParent(Context.root().with(Span.wrap(parent)));
        return kind == SpanKind.CONSUMER ? span.addLink(parent) : span;
    }

    /** Exports what has not been yet, if this has set OpenTelemetry up. */
    @Override
    public void close() {
        end.run();
    }
}

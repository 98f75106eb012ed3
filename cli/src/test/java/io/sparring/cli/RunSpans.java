package io.sparring.cli;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.sparring.pipeline.Tracing;
import io.sparring.schemas.RunTopic;
import java.util.List;

/** The spans that the services of a run in this JVM have ended. */
final class RunSpans implements AutoCloseable {

    /** The key of the record that is processed. */
    static final AttributeKey<String> KEY = AttributeKey.stringKey("messaging.kafka.message.key");

    private final String run;
    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder().setTracerProvider(
            SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build()).build();

    RunSpans(String run) {
        this.run = run;
    }

    Tracing tracing() {
        return Tracing.of(telemetry);
    }

    /** In the order in which they ended. */
    List<SpanData> named(String name) {
        return exporter.getFinishedSpanItems().stream().filter(span -> span.getName().equals(name)).toList();
    }

    /** Of evaluators, each one batch of an update. */
    List<SpanData> measurements() {
        return named("process " + RunTopic.MODEL_UPDATES.of(run));
    }

    SpanData parent(SpanData span) {
        return of(span.getParentSpanContext());
    }

    SpanData of(SpanContext context) {
        return exporter.getFinishedSpanItems().stream().filter(span -> span.getSpanId().equals(context.getSpanId())).findFirst()
                .orElseThrow(() -> new AssertionError("no span " + context + " has ended"));
    }

    @Override
    public void close() {
        telemetry.close();
    }
}

package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TracingTest {

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder().setTracerProvider(
            SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build()).build();
    private final Tracing tracing = Tracing.of(telemetry);

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void aRecordTakesItsSpanAlongAndWhoProcessesItGoesOnWithTheTrace() {
        ProducerRecord<Long, byte[]> sent = new ProducerRecord<>("tiny.clean-batches", 1, 7L, new byte[] {1, 2});
        SpanContext sender;
        try (Traced sending = tracing.send("tiny.clean-batches")) {
            assertThat(sending.on(sent)).isSameAs(sent);
            sender = sending.context();
        }
        assertThat(new String(sent.headers().lastHeader("traceparent").value(), StandardCharsets.US_ASCII))
                .isEqualTo("00-" + sender.getTraceId() + "-" + sender.getSpanId() + "-" + sender.getTraceFlags().asHex());
        assertThat(sender.isSampled()).isTrue();
        assertThat(sent.value()).containsExactly(1, 2);

        SpanContext weights = tracing.send("tiny.model-updates").context();
        try (Traced crafting = tracing.process(received(sent), weights);
                Traced answering = tracing.send("tiny.adversarial-batches", crafting.context())) {
            answering.failed("given up");
        }
        SpanData process = span("process tiny.clean-batches");
        assertThat(process.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(process.getTraceId()).isEqualTo(sender.getTraceId());
        assertThat(process.getParentSpanId()).isEqualTo(sender.getSpanId());
        assertThat(process.getLinks()).extracting(LinkData::getSpanContext).extracting(SpanContext::getSpanId)
                .containsExactly(sender.getSpanId(), weights.getSpanId());
        assertThat(process.getAttributes().get(AttributeKey.stringKey("messaging.system"))).isEqualTo("kafka");
        assertThat(process.getAttributes().get(AttributeKey.stringKey("messaging.destination.partition.id"))).isEqualTo("1");
        assertThat(process.getAttributes().get(AttributeKey.longKey("messaging.kafka.offset"))).isEqualTo(42);
        assertThat(process.getAttributes().get(AttributeKey.stringKey("messaging.kafka.message.key"))).isEqualTo("7");
        SpanData answer = span("send tiny.adversarial-batches");
        assertThat(answer.getParentSpanId()).isEqualTo(process.getSpanId());
        assertThat(answer.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }

    @Test
    void whatIsMadeOfSeveralBeginsATraceThatIsLinkedToEach() {
        SpanContext one = tracing.send("tiny.clean-batches").context();
        SpanContext other = tracing.send("tiny.clean-batches").context();
        tracing.send("tiny.model-updates", List.of(one, other, SpanContext.getInvalid())).close();
        SpanData update = span("send tiny.model-updates");
        assertThat(update.getParentSpanContext().isValid()).isFalse();
        assertThat(update.getTraceId()).isNotIn(one.getTraceId(), other.getTraceId());
        assertThat(update.getLinks()).extracting(LinkData::getSpanContext).containsExactly(one, other);
    }

    @Test
    void aRecordSentAgainHasItsLastSpanAlone() {
        ProducerRecord<Long, byte[]> sent = new ProducerRecord<>("tiny.clean-batches", new byte[0]);
        tracing.send("tiny.clean-batches").on(sent);
        Traced again = tracing.send("tiny.clean-batches");
        again.on(sent);
        assertThat(sent.headers().headers("traceparent")).hasSize(1);
        assertThat(TraceContext.of(sent.headers()).getSpanId()).isEqualTo(again.context().getSpanId());
    }

    @Test
    void whatIsNoTraceContextIsPassedOver() {
        for (String broken : List.of("", "00-zz-1-01", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", "\u0000")) {
            RecordHeaders headers = new RecordHeaders();
            headers.add("traceparent", broken.getBytes(StandardCharsets.UTF_8));
            assertThat(TraceContext.of(headers).isValid()).as(broken).isFalse();
        }
        assertThat(TraceContext.of(new RecordHeaders().add("traceparent", null)).isValid()).isFalse();
        assertThat(TraceContext.of(new RecordHeaders()).isValid()).isFalse();
    }

    @Test
    void offAddsNothing() {
        ProducerRecord<Long, byte[]> sent = new ProducerRecord<>("tiny.clean-batches", new byte[0]);
        tracing.send("tiny.clean-batches").on(sent);
        try (Traced processing = Tracing.OFF.process(received(sent));
                Traced sending = Tracing.OFF.send("tiny.adversarial-batches", TraceContext.of(sent.headers()))) {
            assertThat(processing).isSameAs(Traced.NONE).isSameAs(sending);
            ProducerRecord<Long, byte[]> answer = new ProducerRecord<>("tiny.adversarial-batches", new byte[0]);
            assertThat(sending.on(List.of(answer)).get(0).headers()).isEmpty();
        }
        assertThat(Tracing.OFF.isOn()).isFalse();
        assertThat(exporter.getFinishedSpanItems()).isEmpty();
    }

    @Test
    void openTelemetrysOwnSettingsDecide() {
        System.setProperty("otel.traces.exporter", "none");
        try (Tracing configured = Tracing.configured("producer", "tiny", "producer-1")) {
            assertThat(configured.isOn()).isTrue();
            System.setProperty("otel.traces.sampler", "sometimes");
            assertThatThrownBy(() -> Tracing.configured("producer", "tiny", "producer-1"))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("tracing:")
                    .hasMessageContaining("sometimes").hasMessageContaining("OTEL_");
        } finally {
            System.clearProperty("otel.traces.exporter");
            System.clearProperty("otel.traces.sampler");
        }
    }

    @Test
    void spansAreExportedByTheTimeItIsClosed() throws Exception {
        BlockingQueue<byte[]> posted = new LinkedBlockingQueue<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            posted.add(exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        System.setProperty("otel.exporter.otlp.endpoint", "http://127.0.0.1:" + collector.getAddress().getPort());
        try {
            Tracing configured = Tracing.configured("producer", "tiny", "producer-1");
            configured.send("tiny.clean-batches").close();
            configured.close();
            assertThat(new String(posted.remove(), StandardCharsets.ISO_8859_1)).contains("send tiny.clean-batches",
                    "sparring-producer", "sparring.instance", "producer-1", "sparring.run");
        } finally {
            System.clearProperty("otel.exporter.otlp.endpoint");
            collector.stop(0);
        }
    }

    private static ConsumerRecord<Long, byte[]> received(ProducerRecord<Long, byte[]> sent) {
        return new ConsumerRecord<>(sent.topic(), sent.partition() == null ? 0 : sent.partition(), 42, 0L,
                TimestampType.CREATE_TIME, 0, 0, sent.key(), sent.value(), sent.headers(), Optional.empty());
    }

    private SpanData span(String name) {
        return exporter.getFinishedSpanItems().stream().filter(span -> span.getName().equals(name)).findFirst().orElseThrow();
    }
}

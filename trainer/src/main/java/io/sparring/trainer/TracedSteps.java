package io.sparring.trainer;

import io.opentelemetry.api.trace.SpanContext;
import io.sparring.pipeline.TraceContext;
import io.sparring.pipeline.Traced;
import io.sparring.pipeline.Tracing;
import io.sparring.schemas.TrainingStep;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The spans of the steps since the last update, each of its batch's trace. The update is made of all of them, so its own span is
 * linked to each. Used by one thread.
 */
final class TracedSteps {

    private final Tracing tracing;
    private final Map<Long, SpanContext> byBatch = new LinkedHashMap<>();

    TracedSteps(Tracing tracing) {
        this.tracing = tracing;
    }

    /** Of steps that nobody has traced. */
    static TracedSteps untraced() {
        return new TracedSteps(Tracing.OFF);
    }

    /**
     * Begins a step.
     *
     * @param adversarial what the batch's trace has come to
     */
    Traced step(long batchNumber, ConsumerRecord<?, ?> adversarial) {
        Traced step = tracing.process(adversarial);
        if (tracing.isOn()) {
            byBatch.put(batchNumber, step.context());
        }
        return step;
    }

    /** Begins to send what nobody but this trainer has crafted of {@code clean}. */
    Traced crafted(ConsumerRecord<?, ?> clean, String topic) {
        return tracing.isOn() ? tracing.send(topic, TraceContext.of(clean.headers())) : Traced.NONE;
    }

    /** The record of a step, with its span in the headers. */
    <K, V> ProducerRecord<K, V> on(TrainingStep step, ProducerRecord<K, V> record) {
        SpanContext span = byBatch.get(step.getBatchNumber());
        if (span != null) {
            TraceContext.put(span, record.headers());
        }
        return record;
    }

    /** Begins to send the update that the steps have led to. */
    Traced publishing(String topic) {
        return tracing.send(topic, byBatch.values());
    }

    /** The steps are committed. */
    void published() {
        byBatch.clear();
    }
}

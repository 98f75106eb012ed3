package io.sparring.evaluator;

import io.opentelemetry.api.trace.SpanContext;
import io.sparring.pipeline.Traced;
import io.sparring.pipeline.Tracing;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AttackProgress;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Publishes what an evaluator has found; it counts as known once the broker has it. */
final class FactSender {

    private static final WireFormat<Evaluation> FACTS = WireFormat.of(Evaluation.class);
    private static final WireFormat<AttackProgress> PROGRESS = WireFormat.of(AttackProgress.class);

    private final String run;
    private final int partitions;
    private final Producer<String, byte[]> producer;
    private final Tracing tracing;

    /**
     * @param partitions of the run's batch topics
     * @param producer is the caller's to close
     */
    FactSender(String run, int partitions, Producer<String, byte[]> producer, Tracing tracing) {
        this.tracing = tracing;
        this.run = run;
        this.partitions = partitions;
        this.producer = producer;
    }

    /** Begins to measure an update, of whose trace that is. */
    Traced measuring(Update update) {
        return tracing.process(RunTopic.MODEL_UPDATES.of(run), update.origin());
    }

    /** @param origin the span of the work that found them, or of the update that they are about */
    void evaluations(List<Evaluation> facts, SpanContext origin) {
        String topic = RunTopic.EVALUATIONS.of(run);
        try (Traced sending = facts.isEmpty() ? Traced.NONE : tracing.send(topic, origin)) {
            send(facts.stream().map(fact -> sending.on(new ProducerRecord<>(topic, 0, fact.getIncarnation() + "/"
                    + fact.getStep() + "/" + fact.getAttack() + "/" + fact.getSlice(), FACTS.encode(fact)))).toList());
        }
    }

    void progress(List<AttackProgress> images) {
        send(images.stream().map(image -> new ProducerRecord<>(RunTopic.ATTACK_PROGRESS.of(run),
                RunTopic.partitionOf(image.getBatchNumber(), partitions), AttackProgressLog.key(image), PROGRESS.encode(image)))
                .toList());
    }

    private void send(List<ProducerRecord<String, byte[]>> records) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        records.forEach(record -> sent.add(producer.send(record)));
        producer.flush();
        for (Future<RecordMetadata> each : sent) {
            try {
                each.get();
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
            }
        }
    }
}

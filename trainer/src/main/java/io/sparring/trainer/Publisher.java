package io.sparring.trainer;

import io.sparring.pipeline.FaultPoint;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Traced;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Chunks;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WeightsPart;
import io.sparring.schemas.WireFormat;
import io.sparring.trainer.KeptCheckpoint.Needs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The trainer's transactions: the training steps since the last update, the update and, every so often, the checkpoint come
 * whole or not at all. Opening it fences every trainer of the run that was there before.
 */
final class Publisher implements AutoCloseable {

    private static final WireFormat<TrainingStep> STEPS = WireFormat.of(TrainingStep.class);
    private static final WireFormat<ModelUpdate> UPDATES = WireFormat.of(ModelUpdate.class);
    private static final WireFormat<AdversarialBatch> ADVERSARIAL = WireFormat.of(AdversarialBatch.class);
    private static final LongSerializer LONG = new LongSerializer();
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final StringSerializer STRING = new StringSerializer();

    private final RunSpecification run;
    private final Producer<byte[], byte[]> producer;
    private final Optional<Trimming> trimming;
    private final Clock clock;

    /** @param producer transactional; closed with this */
    Publisher(RunSpecification run, Producer<byte[], byte[]> producer, Clock clock) {
        this(run, producer, Optional.empty(), clock);
    }

    /** @param trimming told of what has been committed, and closed with this; none where the run's log is kept */
    Publisher(RunSpecification run, Producer<byte[], byte[]> producer, Optional<Trimming> trimming, Clock clock) {
        this.run = run;
        this.producer = producer;
        this.trimming = trimming;
        this.clock = clock;
        try {
            producer.initTransactions();
        } catch (RuntimeException e) {
            // nobody has this to close it, and its request for the id would stand: it would fence whoever leads when Kafka is back
            close();
            throw e;
        }
    }

    /** Publishes the run and its model program. */
    void publishRun(byte[] program) {
        producer.beginTransaction();
        RunRegistry.records(run, program).forEach(this::sendNamed);
        producer.commitTransaction();
    }

    /**
     * Publishes the update, what led to it and, if there is one, the checkpoint that goes with it.
     *
     * @param averaged the averaged weights of the update as a safetensors file, where the program averages
     */
    void publish(List<TrainingStep> steps, Update update, Optional<byte[]> averaged, Optional<SavedState> checkpoint) {
        publish(steps, update, averaged, checkpoint, TracedSteps.untraced());
    }

    /**
     * The same with what is known of the spans that led to it.
     *
     * @param traced has those of the steps
     */
    void publish(List<TrainingStep> steps, Update update, Optional<byte[]> averaged, Optional<SavedState> checkpoint,
            TracedSteps traced) {
        try (Traced sending = traced.publishing(RunTopic.MODEL_UPDATES.of(run.run()))) {
            try {
                send(steps, update, averaged, checkpoint, traced, sending);
            } catch (RuntimeException e) {
                sending.failed(e.toString());
                throw e;
            }
        }
        traced.published();
    }

    private void send(List<TrainingStep> steps, Update update, Optional<byte[]> averaged, Optional<SavedState> checkpoint,
            TracedSteps traced, Traced sending) {
        Instant now = Instant.ofEpochMilli(clock.millis());
        List<ProducerRecord<String, byte[]>> state = checkpoint.map(saved -> saved.records(run.run(), now)).orElse(List.of());
        Optional<Needs> needs = checkpoint.isPresent() ? trimming.map(Trimming::needs) : Optional.empty();
        needs.ifPresent(its -> its.addTo(state.get(0).headers()));
        // cut and summed before: a transaction's time begins with it
        Chunks weights = Chunks.of(update.weights());
        Optional<Chunks> average = averaged.map(Chunks::of);
        producer.beginTransaction();
        Optional<Future<RecordMetadata>> lastStep = steps.stream().map(step ->
                producer.send(traced.on(step, numbered(RunTopic.TRAINING_STEPS, 0, step.getBatchNumber(), STEPS.encode(step)))))
                .reduce((earlier, later) -> later);
        Future<RecordMetadata> firstOfUpdate = sendPart(update, WeightsPart.WEIGHTS, weights, now, sending);
        average.ifPresent(chunks -> sendPart(update, WeightsPart.AVERAGED_WEIGHTS, chunks, now, sending));
        List<Future<RecordMetadata>> stateSent = state.stream().map(this::sendNamed).toList();
        FaultPoint.TRAINER_TRANSACTION.reachedAfter(producer::flush);
        producer.commitTransaction();
        trimming.ifPresent(told -> told.published(update.nextBatch(), offset(firstOfUpdate),
                lastStep.map(Publisher::offset).orElse(-1L)));
        needs.ifPresent(its -> trimming.orElseThrow().checkpointed(offset(stateSent.get(0)),
                checkpoint.orElseThrow().position(), its));
    }

    /** Of a record that has been committed. */
    private static long offset(Future<RecordMetadata> sent) {
        try {
            return sent.get().offset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Gives the first record. */
    private Future<RecordMetadata> sendPart(Update update, WeightsPart part, Chunks chunks, Instant now, Traced sending) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < chunks.pieces().size(); i++) {
            sent.add(sendNamed(sending.on(new ProducerRecord<>(RunTopic.MODEL_UPDATES.of(run.run()), 0, update.identity().key(),
                    UPDATES.encode(new ModelUpdate(update.identity().incarnation(), update.identity().step(),
                            update.nextBatch(), update.outcomes(), part, update.evaluate(), update.programSha256(),
                            chunks.sha256(), i, chunks.pieces().size(), chunks.pieces().get(i), now))))));
        }
        return sent.get(0);
    }

    /** Publishes a batch that the trainer crafted because no attacker did. */
    void publish(AdversarialBatch batch) {
        publish(batch, Traced.NONE);
    }

    /** @param sending the span that this is part of */
    void publish(AdversarialBatch batch, Traced sending) {
        producer.beginTransaction();
        producer.send(sending.on(numbered(RunTopic.ADVERSARIAL_BATCHES,
                RunTopic.partitionOf(batch.getBatchNumber(), run.partitions()), batch.getBatchNumber(),
                ADVERSARIAL.encode(batch))));
        producer.commitTransaction();
    }

    private ProducerRecord<byte[], byte[]> numbered(RunTopic topic, int partition, long key, byte[] value) {
        return new ProducerRecord<>(topic.of(run.run()), partition, LONG.serialize(null, key), value);
    }

    private Future<RecordMetadata> sendNamed(ProducerRecord<String, byte[]> record) {
        return producer.send(new ProducerRecord<>(record.topic(), record.partition(), STRING.serialize(null, record.key()),
                record.value(), record.headers()));
    }

    @Override
    public void close() {
        trimming.ifPresent(Trimming::close);
        // a transaction that is open still is given up by whoever takes the id next
        producer.close(CLOSE);
    }
}

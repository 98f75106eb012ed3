package io.sparring.trainer;

import io.sparring.pipeline.FaultPoint;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Chunks;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WeightsPart;
import io.sparring.schemas.WireFormat;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
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
    private static final StringSerializer STRING = new StringSerializer();

    private final RunSpecification run;
    private final Producer<byte[], byte[]> producer;
    private final Clock clock;

    /** @param producer transactional; closed with this */
    Publisher(RunSpecification run, Producer<byte[], byte[]> producer, Clock clock) {
        this.run = run;
        this.producer = producer;
        this.clock = clock;
        producer.initTransactions();
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
        Instant now = Instant.ofEpochMilli(clock.millis());
        producer.beginTransaction();
        for (TrainingStep step : steps) {
            sendNumbered(RunTopic.TRAINING_STEPS, 0, step.getBatchNumber(), STEPS.encode(step));
        }
        sendPart(update, WeightsPart.WEIGHTS, update.weights(), now);
        averaged.ifPresent(weights -> sendPart(update, WeightsPart.AVERAGED_WEIGHTS, weights, now));
        checkpoint.ifPresent(state -> state.records(run.run(), now).forEach(this::sendNamed));
        FaultPoint.TRAINER_TRANSACTION.reachedAfter(producer::flush);
        producer.commitTransaction();
    }

    private void sendPart(Update update, WeightsPart part, byte[] weights, Instant now) {
        Chunks chunks = Chunks.of(weights);
        for (int i = 0; i < chunks.pieces().size(); i++) {
            sendNamed(new ProducerRecord<>(RunTopic.MODEL_UPDATES.of(run.run()), 0, update.identity().key(),
                    UPDATES.encode(new ModelUpdate(update.identity().incarnation(), update.identity().step(),
                            update.nextBatch(), part, update.evaluate(), update.programSha256(),
                            chunks.sha256(), i, chunks.pieces().size(), chunks.pieces().get(i), now))));
        }
    }

    /** Publishes a batch that the trainer crafted because no attacker did. */
    void publish(AdversarialBatch batch) {
        producer.beginTransaction();
        sendNumbered(RunTopic.ADVERSARIAL_BATCHES, RunTopic.partitionOf(batch.getBatchNumber(), run.partitions()),
                batch.getBatchNumber(), ADVERSARIAL.encode(batch));
        producer.commitTransaction();
    }

    private void sendNumbered(RunTopic topic, int partition, long key, byte[] value) {
        producer.send(new ProducerRecord<>(topic.of(run.run()), partition, LONG.serialize(null, key), value));
    }

    private void sendNamed(ProducerRecord<String, byte[]> record) {
        producer.send(new ProducerRecord<>(record.topic(), record.partition(), STRING.serialize(null, record.key()), record.value()));
    }

    @Override
    public void close() {
        producer.close();
    }
}

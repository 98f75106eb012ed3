package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparring.learning.Tensors;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ChunkAssembler;
import io.sparring.schemas.Chunks;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.Position;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WeightsPart;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class PublisherTest {

    private static final UpdateIdentity IDENTITY = new UpdateIdentity(2, 40);

    private final SettableClock clock = new SettableClock();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final Publisher publisher = new Publisher(TinyRun.RUN, producer, clock);

    @Test
    void whoDoesNotGetTheTransactionalIdLeavesNothingOpen() {
        MockProducer<byte[], byte[]> away = new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        away.initTransactionException = new TimeoutException("nobody there");

        assertThatThrownBy(() -> new Publisher(TinyRun.RUN, away, clock)).isSameAs(away.initTransactionException);

        assertThat(away.closed()).isTrue();
    }

    @Test
    void takesTheTransactionalIdBeforeAnythingElse() {
        assertThat(producer.transactionInitialized()).isTrue();
        assertThat(producer.commitCount()).isZero();
    }

    @Test
    void stepsUpdateAndCheckpointAreOneTransactionInThatOrder() {
        List<TrainingStep> steps = List.of(step(42), step(43));
        SavedState checkpoint = new SavedState(IDENTITY, new Position(44L, List.of(), List.of(1L, 2L), List.of(3L, 4L)), "ab",
                Tensors.builder().put("a", new int[] {1}, new float[] {1}).build(), Tensors.builder().build(),
                Tensors.builder().build());
        publisher.publish(steps, update(), Optional.empty(), Optional.of(checkpoint));

        assertThat(producer.commitCount()).isEqualTo(1);
        assertThat(producer.history()).extracting(ProducerRecord::topic).containsExactly("tiny.training-steps",
                "tiny.training-steps", "tiny.model-updates", "tiny.model-updates", "tiny.model-updates", "tiny.checkpoints");
        assertThat(producer.history()).extracting(ProducerRecord::partition).containsOnly(0);
        for (int i = 0; i < 2; i++) {
            ProducerRecord<byte[], byte[]> record = producer.history().get(i);
            assertThat(ByteBuffer.wrap(record.key()).getLong()).isEqualTo(42 + i);
            assertThat(WireFormat.of(TrainingStep.class).decode(ByteBuffer.wrap(record.value()))).isEqualTo(steps.get(i));
        }
        assertThat(producer.history().get(5).value())
                .isEqualTo(checkpoint.records("tiny", clock.instant()).get(0).value());
    }

    @Test
    void anUpdateComesInChunksThatMakeItsWeightsAgain() {
        Update update = update();
        publisher.publish(List.of(), update, Optional.empty(), Optional.empty());

        ChunkAssembler assembler = new ChunkAssembler();
        Optional<byte[]> whole = Optional.empty();
        int expected = 0;
        for (ProducerRecord<byte[], byte[]> record : producer.history()) {
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("2/40");
            ModelUpdate chunk = WireFormat.of(ModelUpdate.class).decode(ByteBuffer.wrap(record.value()));
            assertThat(chunk).isEqualTo(new ModelUpdate(2, 40L, 44L, 47L, WeightsPart.WEIGHTS, true, "program", update.sha256(),
                    expected++, 3, chunk.getBytes(), clock.instant()));
            whole = assembler.add("", chunk.getChunk(), chunk.getChunks(), chunk.getSha256(), chunk.getBytes());
        }
        assertThat(whole.orElseThrow()).isEqualTo(update.weights());
    }

    @Test
    void averagedWeightsAreChunksOfTheirOwnInTheSameTransaction() {
        byte[] averaged = new byte[Chunks.LARGEST + 3];
        new Random(2).nextBytes(averaged);
        publisher.publish(List.of(), update(), Optional.of(averaged), Optional.empty());

        assertThat(producer.commitCount()).isEqualTo(1);
        List<ModelUpdate> chunks = producer.history().stream()
                .map(record -> WireFormat.of(ModelUpdate.class).decode(ByteBuffer.wrap(record.value()))).toList();
        assertThat(chunks).extracting(ModelUpdate::getPart).containsExactly(WeightsPart.WEIGHTS, WeightsPart.WEIGHTS,
                WeightsPart.WEIGHTS, WeightsPart.AVERAGED_WEIGHTS, WeightsPart.AVERAGED_WEIGHTS);
        assertThat(chunks).extracting(ModelUpdate::getChunk).containsExactly(0, 1, 2, 0, 1);
        assertThat(chunks.subList(3, 5)).allSatisfy(chunk -> {
            assertThat(chunk.getSha256()).isEqualTo(Sha256.of(averaged));
            assertThat(chunk.getEvaluate()).isTrue();
            assertThat(chunk.getNextBatch()).isEqualTo(44);
        });
        ChunkAssembler assembler = new ChunkAssembler();
        assertThat(chunks.subList(3, 5).stream().flatMap(chunk -> assembler.add("", chunk.getChunk(), chunk.getChunks(),
                chunk.getSha256(), chunk.getBytes()).stream())).containsExactly(averaged);
    }

    @Test
    void whatCannotBeCommittedIsNotThere() {
        producer.commitTransactionException = new KafkaException("lost");
        assertThatThrownBy(() -> publisher.publish(List.of(step(42)), update(), Optional.empty(), Optional.empty()))
                .isSameAs(producer.commitTransactionException);
        assertThat(producer.history()).isEmpty();
        producer.commitTransactionException = null;
        producer.abortTransaction();
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void aFormerLeaderPublishesNothing() {
        producer.fenceProducer();
        assertThatThrownBy(() -> publisher.publish(List.of(step(42)), update(), Optional.empty(), Optional.empty()))
                .isInstanceOf(ProducerFencedException.class);
        assertThatThrownBy(() -> publisher.publish(TinyRun.refused(5, "for a test"))).isInstanceOf(ProducerFencedException.class);
        assertThatThrownBy(() -> publisher.publishRun(new byte[1])).isInstanceOf(ProducerFencedException.class);
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void aBatchItCraftedItselfGoesWhereAttackersPutIt() {
        AdversarialBatch batch = TinyRun.crafted(TinyRun.clean(5), 3);
        publisher.publish(batch);

        ProducerRecord<byte[], byte[]> record = producer.history().get(0);
        assertThat(record.topic()).isEqualTo("tiny.adversarial-batches");
        assertThat(record.partition()).isEqualTo(1);
        assertThat(ByteBuffer.wrap(record.key()).getLong()).isEqualTo(5);
        assertThat(WireFormat.of(AdversarialBatch.class).decode(ByteBuffer.wrap(record.value()))).isEqualTo(batch);
        assertThat(producer.commitCount()).isEqualTo(1);
    }

    @Test
    void theRunAndItsProgramAreOneTransaction() {
        byte[] program = weights();
        publisher.publishRun(program);

        List<ProducerRecord<String, byte[]>> expected = RunRegistry.records(TinyRun.RUN, program);
        assertThat(producer.commitCount()).isEqualTo(1);
        assertThat(producer.history()).extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
                .containsExactlyElementsOf(expected.stream().map(ProducerRecord::key).toList());
        assertThat(producer.history()).extracting(ProducerRecord::value)
                .containsExactlyElementsOf(expected.stream().map(ProducerRecord::value).toList());
        assertThat(producer.history()).extracting(ProducerRecord::topic).containsOnly("tiny.runs");
    }

    @Test
    void closesItsProducer() {
        publisher.close();
        assertThat(producer.closed()).isTrue();
    }

    private TrainingStep step(long number) {
        return TrainingStep.newBuilder().setBatchNumber(number).setIncarnation(2).setStep(number - 3)
                .setOutcome(Outcome.TRAINED).setRefreshSteps(0).setImages(8).setEpsilon(0.1f).setLearningRate(0.05f)
                .setLoss(1).setCrossEntropy(1).setPerception(0).setTrainedAt(clock.instant()).build();
    }

    private static byte[] weights() {
        byte[] weights = new byte[2 * Chunks.LARGEST + 5];
        new Random(1).nextBytes(weights);
        return weights;
    }

    private static Update update() {
        return new Update(IDENTITY, 44, 47, true, "program", Sha256.of(weights()), weights());
    }
}

package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.learning.SafeTensors;
import io.sparring.learning.Tensors;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.Update;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What a publisher's trimming asks to be deleted; two partitions, two batches an interval, two intervals a checkpoint. */
class TrimmingTest {

    /** Besides the one that is published with a checkpoint. */
    private static final int UPDATES_KEPT = TinyRun.WINDOW / 2 + 3;
    private static final RunSpecification RUN =
            TinyRun.with(Map.of("data.batches", "400", "publishing.checkpointsKept", "2"));
    private static final Tensors WEIGHTS = Tensors.builder().put("a", new int[] {1}, new float[] {1}).build();
    private static final Tensors NONE = Tensors.builder().build();

    private final SettableClock clock = new SettableClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MockProducer<byte[], byte[]> producer = producer();
    private final List<Map<String, Long>> asked = new ArrayList<>();
    private boolean refuse;
    private int opened;

    @Test
    void deletesWhatIsBelowTheOldestOfTheNewestCheckpoints() {
        Publisher publisher = publisher(List.of());
        run(publisher, 0, 16);
        // checkpoints at 0, 4, 8, 12 and 16 have the offsets 0 to 4; the last deletion is below that of 12
        assertThat(asked).hasSize(3);
        assertThat(last()).containsEntry("checkpoints-0", 3L)
                .containsEntry("clean-batches-0", 6L - 1).containsEntry("clean-batches-1", 6L - 1)
                .containsEntry("adversarial-batches-0", 12L - 1).containsEntry("adversarial-batches-1", 12L - 1);
        // updates 0, 2, ... have the offsets 0, 1, ...: of those before update 12, which is the sixth, four are kept
        assertThat(last()).containsEntry("model-updates-0", 6L - UPDATES_KEPT);
        // and the last step before that update's interval: of batch 9
        assertThat(last()).containsEntry("training-steps-0", 9L);
        assertThat(failures()).isZero();
    }

    @Test
    void deletesNothingThatAKeptCheckpointOrAnAttackerNeeds() {
        for (int kept = 1; kept <= 4; kept++) {
            RunSpecification run = TinyRun.with(Map.of("data.batches", "400", "publishing.checkpointsKept", "" + kept));
            asked.clear();
            MockProducer<byte[], byte[]> all = producer();
            run(publisher(run, all, List.of()), 0, 60);
            long oldest = 60 - 4 * (kept - 1);
            assertThat(last()).as("%d kept", kept).containsEntry("checkpoints-0", oldest / 4)
                    .containsEntry("clean-batches-0", oldest / 2 - 1);
            assertThat(last().get("training-steps-0")).as("%d kept: the last step stays", kept).isLessThan(oldest);
            assertThat(last().get("model-updates-0")).as("%d kept", kept).isLessThanOrEqualTo(60 / 2 - UPDATES_KEPT + 1);
        }
    }

    @Test
    void theNextTrainerGoesOnWhereThisOneWas() {
        run(publisher(List.of()), 0, 16);
        List<KeptCheckpoint> before = written(producer);
        assertThat(before).extracting(KeptCheckpoint::offset).containsExactly(0L, 1L, 2L, 3L, 4L);
        Map<String, Long> whole = new TreeMap<>(last());
        assertThat(before.get(3).needs()).isEqualTo(new KeptCheckpoint.Needs(whole.get("model-updates-0"),
                whole.get("training-steps-0")));

        // it dies after each checkpoint, and trims all the same
        for (long batch = 16; batch < 40; batch += 4) {
            asked.clear();
            run(publisher(RUN, producer, written(producer)), batch, batch + 4);
            assertThat(asked).as("at %d", batch).hasSize(1);
            assertThat(last()).as("at %d", batch).containsEntry("checkpoints-0", batch / 4)
                    .containsEntry("clean-batches-1", batch / 2 - 1);
        }
        asked.clear();
        run(publisher(RUN, producer, written(producer)), 40, 80);
        assertThat(last()).as("as if it had never died").containsEntry("model-updates-0", 76L / 2 - UPDATES_KEPT)
                .containsEntry("training-steps-0", 76L - 3);
    }

    @Test
    void whatCouldNotBeDeletedIsDeletedTheNextTime() {
        Publisher publisher = publisher(List.of());
        run(publisher, 0, 8);
        refuse = true;
        run(publisher, 8, 12);
        assertThat(failures()).isEqualTo(1);
        refuse = false;
        run(publisher, 12, 16);
        assertThat(last()).containsEntry("checkpoints-0", 3L).containsEntry("clean-batches-0", 5L);
        assertThat(failures()).isEqualTo(1);
    }

    @Test
    void readsOldCheckpointsOnceAndOnlyWhereItMakesOne() {
        Publisher publisher = publisher(List.of());
        publisher.publish(List.of(), update(2), Optional.empty(), Optional.empty());
        assertThat(opened).isZero();
        run(publisher, 4, 20);
        assertThat(opened).isEqualTo(1);
    }

    @Test
    void whereTheLogIsKeptNothingIsDeletedAndCheckpointsSayNothing() {
        run(new Publisher(RUN, producer, clock), 0, 40);
        assertThat(asked).isEmpty();
        assertThat(producer.history()).allSatisfy(record -> assertThat(record.headers()).isEmpty());
    }

    private Publisher publisher(List<KeptCheckpoint> before) {
        return publisher(RUN, producer, before);
    }

    private Publisher publisher(RunSpecification run, MockProducer<byte[], byte[]> sent, List<KeptCheckpoint> before) {
        Trimming trimming = new Trimming(run, this::delete, () -> {
            opened++;
            return before;
        }, meters);
        return new Publisher(run, sent, Optional.of(trimming), clock);
    }

    /** Publishes as a session does: the update of {@code from} has been published before, unless it is the run's first. */
    private void run(Publisher publisher, long from, long to) {
        for (long batch = from == 0 ? 0 : from + 2; batch <= to; batch += 2) {
            publisher.publish(batch == 0 ? List.of() : List.of(step(batch - 2), step(batch - 1)), update(batch), Optional.empty(),
                    batch % 4 == 0 ? Optional.of(state(batch)) : Optional.empty());
        }
    }

    private KafkaFuture<?> delete(Map<TopicPartition, RecordsToDelete> records) {
        Map<String, Long> named = new TreeMap<>();
        records.forEach((partition, first) ->
                named.put(partition.toString().substring("tiny.".length()), first.beforeOffset()));
        asked.add(named);
        KafkaFutureImpl<Void> done = new KafkaFutureImpl<>();
        if (refuse) {
            done.completeExceptionally(new TimeoutException("the broker is away"));
        } else {
            done.complete(null);
        }
        return done;
    }

    private Map<String, Long> last() {
        return asked.get(asked.size() - 1);
    }

    private double failures() {
        return meters.get("sparring.trimming.failures").counter().count();
    }

    /** As its topic shows them to the next trainer. */
    private static List<KeptCheckpoint> written(MockProducer<byte[], byte[]> sent) {
        TopicPartition partition = new TopicPartition("tiny.checkpoints", 0);
        List<ProducerRecord<byte[], byte[]>> records =
                sent.history().stream().filter(record -> record.topic().equals(partition.topic())).toList();
        MockConsumer<String, Received<Checkpoint>> consumer = new MockConsumer<>("none");
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
        consumer.updateEndOffsets(Map.of(partition, (long) records.size()));
        consumer.schedulePollTask(() -> {
            for (int offset = 0; offset < records.size(); offset++) {
                ProducerRecord<byte[], byte[]> record = records.get(offset);
                consumer.addRecord(new ConsumerRecord<>(partition.topic(), 0, offset, 0L, TimestampType.CREATE_TIME, 0, 0,
                        new String(record.key(), StandardCharsets.UTF_8), Received.readable(SavedState.FORMAT.decode(ByteBuffer.wrap(record.value()))), record.headers(),
                        Optional.empty()));
            }
        });
        return KeptCheckpoint.read(consumer, "tiny", () -> false);
    }

    private static SavedState state(long batch) {
        return new SavedState(new UpdateIdentity(0, batch), new Position(batch, List.of(), List.of(batch / 2, batch / 2),
                List.of(batch, batch)), "ab", WEIGHTS, NONE, NONE);
    }

    private static Update update(long batch) {
        byte[] weights = SafeTensors.encode(WEIGHTS, Map.of());
        return new Update(new UpdateIdentity(0, batch), batch, batch, false, "ab", Sha256.of(weights), weights);
    }

    private static TrainingStep step(long number) {
        return TrainingStep.newBuilder().setBatchNumber(number).setIncarnation(0).setStep(number + 1)
                .setOutcome(Outcome.TRAINED).setRefreshSteps(0).setImages(8).setEpsilon(0).setLearningRate(0).setLoss(0)
                .setCrossEntropy(0).setPerception(0).setTrainedAt(Instant.ofEpochMilli(0)).build();
    }

    /** One that several publishers may have, one after the other, so that offsets go on. */
    private static MockProducer<byte[], byte[]> producer() {
        return new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
            @Override
            public void initTransactions() {
                if (!transactionInitialized()) {
                    super.initTransactions();
                }
            }
        };
    }
}

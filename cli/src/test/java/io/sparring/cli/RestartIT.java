package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sparring.cli.RunLog.Entry;
import io.sparring.learning.SafeTensors;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.ChunkAssembler;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Every process of a run is killed, and later told to stop, in the middle of its work; the run goes on and loses nothing. */
class RestartIT {

    @RegisterExtension
    static final SharedBroker BROKER = new SharedBroker();

    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final int BATCHES = 700;
    private static final int CHECKPOINT = 200;
    private static final int SIGTERM = 128 + 15;

    @TempDir
    Path folder;

    @Test
    void everyBatchHasOneOutcomeWhoeverIsKilledOrStopped() throws Exception {
        Map<String, String> values = Map.of("data.batches", "" + BATCHES, "data.lead", "24", "publishing.interval", "5",
                "publishing.checkpointEvery", "" + CHECKPOINT / 5, "evaluation.every", "" + BATCHES);
        try (ServiceChildren services = ServiceChildren.of("restart-" + UUID.randomUUID(), values,
                BROKER.bootstrapServers(), folder)) {
            ChildProcess producer = services.start("producer", "producer");
            ChildProcess trainer = services.start("trainer", "trainer");
            ChildProcess attacker = services.start("attacker", "attacker");

            // beyond a checkpoint, so that there is something to apply again
            services.awaitBatches(CHECKPOINT + 20);
            trainer.kill();
            trainer = services.start("trainer", "trainer");
            services.awaitLogged("trainer", "the recorded weights are reached");
            assertThat(services.log("trainer")).content().contains("goes on from update 0/" + CHECKPOINT);
            services.awaitBatches(services.progress().batches() + 20);

            attacker.kill();
            producer.kill();
            attacker = services.start("attacker", "attacker");
            producer = services.start("producer", "producer");
            services.awaitBatches(services.progress().batches() + 20);

            assertThat(services.progress().batches()).as("still in the middle").isLessThan(BATCHES);
            for (ChildProcess service : List.of(producer, trainer, attacker)) {
                assertThat(service.stop(GRACE)).as("the " + service.name() + " stops by itself").isTrue();
                assertThat(service.exitCode()).isCompletedWithValue(SIGTERM);
            }
            for (String service : List.of("producer", "trainer", "attacker", "evaluator")) {
                services.start(service, service);
            }
            services.awaitBatches(BATCHES);
            await().atMost(ServiceChildren.LIMIT).until(services.progress()::newestIsMeasured);
            assertComplete(services);
        }
    }

    private void assertComplete(ServiceChildren services) {
        List<TrainingStep> steps = services.topics().numbered(RunTopic.TRAINING_STEPS, TrainingStep.class).stream()
                .map(Entry::value).toList();
        assertThat(steps).extracting(TrainingStep::getBatchNumber)
                .containsExactlyElementsOf(LongStream.range(0, BATCHES).boxed().toList());
        assertThat(steps).allSatisfy(step -> {
            assertThat(step.getOutcome()).isIn(Outcome.TRAINED, Outcome.REFRESHED);
            assertThat(step.getIncarnation()).isZero();
            assertThat(step.getStaleness()).isLessThanOrEqualTo(services.run().staleness().atMost());
        });
        assertThat(services.log("trainer")).content().doesNotContain("NOT reached");
        assertGapless(services, RunTopic.CLEAN_BATCHES, ImageBatch.class);
        assertGapless(services, RunTopic.ADVERSARIAL_BATCHES, AdversarialBatch.class);
        assertThat(services.topics().numbered(RunTopic.DEAD_LETTERS, ImageBatch.class)).isEmpty();
        // readers of another topic may see the last transaction a moment later
        await().atMost(ServiceChildren.LIMIT).until(() -> newestCheckpoint(services) == BATCHES);
    }

    private static <T extends SpecificRecord> void assertGapless(ServiceChildren services, RunTopic topic, Class<T> type) {
        int partitions = services.run().partitions();
        List<Entry<Long, T>> entries = services.topics().numbered(topic, type);
        for (int p = 0; p < partitions; p++) {
            int partition = p;
            assertThat(entries.stream().filter(entry -> entry.partition() == partition).map(Entry::key))
                    .containsExactlyElementsOf(
                            LongStream.range(0, BATCHES).filter(number -> number % partitions == partition).boxed().toList());
        }
    }

    /** The step of the last checkpoint, whose tensors can be read. */
    private static long newestCheckpoint(ServiceChildren services) {
        ChunkAssembler assembler = new ChunkAssembler();
        long newest = -1;
        for (Entry<String, Checkpoint> entry : services.topics().named(RunTopic.CHECKPOINTS, Checkpoint.class)) {
            Checkpoint chunk = entry.value();
            Optional<byte[]> whole = assembler.add(entry.key() + chunk.getSha256(), chunk.getChunk(), chunk.getChunks(),
                    chunk.getSha256(), chunk.getBytes());
            if (whole.isPresent()) {
                assertThat(SafeTensors.decode(whole.get()).names()).anyMatch(name -> name.startsWith("optimizer/"));
                assertThat(chunk.getPosition().getNextBatch()).isEqualTo(chunk.getStep());
                newest = chunk.getStep();
            }
        }
        return newest;
    }
}

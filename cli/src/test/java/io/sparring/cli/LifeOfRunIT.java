package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sparring.cli.RunLog.Entry;
import io.sparring.schemas.ChunkAssembler;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.TrainingStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An endless run is paused, changed, resumed, rolled back, stopped and started again; another begins with its weights. */
class LifeOfRunIT {

    @RegisterExtension
    static final SharedBroker BROKER = new SharedBroker();

    private static final List<String> SERVICES = List.of("producer", "trainer", "attacker");
    private static final Map<String, String> ENDLESS = Map.of("data.batches", "0", "optimizer.schedule", "constant",
            "data.lead", "24", "evaluation.every", "1000", "publishing.checkpointEvery", "2");

    @TempDir
    Path folder;
    @TempDir
    Path other;

    @Test
    void anOperatorIsObeyed() throws Exception {
        try (ServiceChildren services = ServiceChildren.of("life-" + UUID.randomUUID(), ENDLESS, BROKER.bootstrapServers(),
                folder)) {
            List<ChildProcess> children = start(services);
            services.awaitBatches(30);

            assertThat(services.run(0, "pause")).contains("is to pause");
            await().atMost(ServiceChildren.LIMIT).until(() -> trainer(services).getState() == ServiceState.PAUSED);
            List<TrainingStep> paused = steps(services);
            assertThat(paused.size() % services.run().publishing().interval()).as("at an update").isZero();
            assertThat(paused).extracting(TrainingStep::getLearningRate).containsOnly(0.01f);

            assertThat(services.run(2, "change", "--from", "-1")).contains("--from: -1; allowed");
            assertThat(services.run(1, "change", "--set", "network.width=3"))
                    .contains("changed keys: 'network.width' is not allowed; allowed: objective.beta");
            assertThat(services.run(0, "change", "--set", "optimizer.learningRate=0.002", "--set", "objective.lambda=0.5"))
                    .contains("has version 2 of its specification from the trainer's next batch on");
            assertThat(steps(services)).as("nobody works while the run is paused").hasSameSizeAs(paused);
            assertThat(services.run(0, "resume")).contains("is to go on");
            services.awaitBatches(paused.size() + 20);
            assertThat(steps(services).subList(paused.size(), paused.size() + 20)).allSatisfy(step -> {
                assertThat(step.getLearningRate()).isEqualTo(0.002f);
                assertThat(step.getSpecificationVersion()).isEqualTo(2);
            });

            assertThat(services.run(1, "rollback", "--to", "7")).contains("step 7 has no checkpoint; those that have: 0, 10, 20");
            assertThat(services.run(0, "rollback", "--to", "10")).contains("goes on from step 10 in incarnation 1, with batch ");
            List<ModelUpdate> updates = updates(services);
            ModelUpdate back = updates.stream().filter(update -> update.getIncarnation() == 1).findFirst().orElseThrow();
            assertThat(back.getSha256()).isEqualTo(updates.stream()
                    .filter(update -> update.getIncarnation() == 0 && update.getStep() == 10)
                    .findFirst().orElseThrow().getSha256());
            services.awaitBatches(back.getNextBatch() + 20);

            assertThat(services.run(0, "stop")).contains("its services end");
            for (ChildProcess child : children) {
                assertThat(child.exitCode().get()).as(child.name()).isZero();
            }
            assertThat(services.start("trainer", "trainer").exitCode().get()).as("a stopped run stays so").isZero();
            services.run(0, "resume");
            long stopped = services.progress().batches();
            start(services);
            services.awaitBatches(stopped + 20);
            assertThat(services.log("trainer")).content().contains("goes on from update 1/").doesNotContain("NOT reached");
            List<TrainingStep> steps = steps(services);
            assertThat(steps).as("one outcome a number").extracting(TrainingStep::getBatchNumber)
                    .containsExactlyElementsOf(LongStream.range(0, steps.size()).boxed().toList());
            assertThat(steps.get(steps.size() - 1).getIncarnation()).isEqualTo(1);

            beginWith(weights(services));
        }
    }

    private void beginWith(Entry<String, byte[]> weights) throws Exception {
        Path file = Files.write(folder.resolve("weights.safetensors"), weights.value());
        try (ServiceChildren services = ServiceChildren.of("warm-" + UUID.randomUUID(), ENDLESS, BROKER.bootstrapServers(),
                other)) {
            services.start("producer", "producer");
            services.start("trainer", "trainer", "--initial-weights", file.toString());
            await().atMost(ServiceChildren.LIMIT).until(() -> !updates(services).isEmpty());
            assertThat(updates(services).get(0).getSha256()).isEqualTo(weights.key());
        }
    }

    private static List<ChildProcess> start(ServiceChildren services) throws Exception {
        List<ChildProcess> children = new ArrayList<>();
        for (String service : SERVICES) {
            children.add(services.start(service, service));
        }
        return children;
    }

    private static ServiceStatus trainer(ServiceChildren services) {
        return services.topics().named(RunTopic.SERVICE_STATUS, ServiceStatus.class).stream()
                .filter(entry -> entry.key().equals("trainer/trainer")).map(Entry::value)
                .reduce((earlier, later) -> later).orElseThrow();
    }

    private static List<TrainingStep> steps(ServiceChildren services) {
        return services.topics().numbered(RunTopic.TRAINING_STEPS, TrainingStep.class).stream().map(Entry::value).toList();
    }

    private static List<ModelUpdate> updates(ServiceChildren services) {
        return services.topics().named(RunTopic.MODEL_UPDATES, ModelUpdate.class).stream().map(Entry::value).toList();
    }

    /** The newest update's weights, with their digest. */
    private static Entry<String, byte[]> weights(ServiceChildren services) {
        ChunkAssembler chunks = new ChunkAssembler();
        Entry<String, byte[]> newest = null;
        for (ModelUpdate chunk : updates(services)) {
            Optional<byte[]> whole = chunks.add(chunk.getSha256(), chunk.getChunk(), chunk.getChunks(), chunk.getSha256(),
                    chunk.getBytes());
            newest = whole.isPresent() ? new Entry<>(0, 0, chunk.getSha256(), whole.get()) : newest;
        }
        return newest;
    }
}

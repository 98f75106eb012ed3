package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sparring.cli.RunLog.Entry;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Where staleness is exact, whoever crafts and whoever is killed, the weights are a function of the run's specification. */
class ExactStalenessIT {

    @RegisterExtension
    static final SharedBroker BROKER = new SharedBroker();

    private static final int BATCHES = 150;
    private static final int INTERVAL = 5;
    private static final int EXACTLY = 4;
    private static final Map<String, String> VALUES = Map.of("data.batches", "" + BATCHES, "data.lead", "24",
            "publishing.interval", "" + INTERVAL, "publishing.checkpointEvery", "6", "evaluation.every", "" + BATCHES,
            "staleness.exactly", "" + EXACTLY, "log", "keep");

    @TempDir
    Path folder;

    @Test
    void theWeightsAreThoseOfAnUndisturbedRun() throws Exception {
        Map<Long, String> undisturbed = undisturbed();
        assertThat(undisturbed.keySet()).hasSize(BATCHES / INTERVAL);
        assertThat(undisturbed.values()).doesNotHaveDuplicates();
        assertThat(disturbed()).isEqualTo(undisturbed);
    }

    private Map<Long, String> undisturbed() throws Exception {
        try (ServiceChildren services = services("undisturbed")) {
            for (String service : List.of("producer", "trainer", "attacker")) {
                services.start(service, service);
            }
            services.awaitBatches(BATCHES);
            return weights(services);
        }
    }

    private Map<Long, String> disturbed() throws Exception {
        try (ServiceChildren services = services("disturbed")) {
            services.start("producer", "producer");
            ChildProcess trainer = services.start("trainer", "trainer");
            ChildProcess first = services.start("attacker", "attacker-1");
            services.start("attacker", "attacker-2");
            // beyond a checkpoint, so that there is something to apply again
            services.awaitBatches(40);
            first.kill();
            trainer.kill();
            services.start("trainer", "trainer");
            services.awaitLogged("trainer", "the recorded weights are reached");
            services.start("attacker", "attacker-1");
            services.awaitBatches(BATCHES);
            return weights(services);
        }
    }

    private ServiceChildren services(String name) throws Exception {
        return ServiceChildren.of("exact-" + UUID.randomUUID(), VALUES, BROKER.bootstrapServers(),
                Files.createDirectory(folder.resolve(name)));
    }

    /** By batch number, the digests of the weights that were published; what they were crafted against is looked at too. */
    private static Map<Long, String> weights(ServiceChildren services) {
        // the progress counts a step of the last transaction a moment before all readers see it
        await().atMost(ServiceChildren.LIMIT).until(() -> steps(services).size() == BATCHES);
        services.topics().numbered(RunTopic.ADVERSARIAL_BATCHES, AdversarialBatch.class).stream().map(Entry::value)
                .forEach(batch -> assertThat(((Crafted) batch.getResult()).getStep()).as("batch %d", batch.getBatchNumber())
                        .isEqualTo(services.run().craftedAt(batch.getBatchNumber())));
        Map<Long, String> weights = new TreeMap<>();
        for (TrainingStep step : steps(services)) {
            assertThat(step.getIncarnation()).isZero();
            assertThat(step.getStaleness()).isEqualTo(step.getBatchNumber() - services.run().craftedAt(step.getBatchNumber()));
            if (step.getWeightsSha256() != null) {
                weights.put(step.getBatchNumber(), step.getWeightsSha256());
            }
        }
        return weights;
    }

    private static List<TrainingStep> steps(ServiceChildren services) {
        return services.topics().numbered(RunTopic.TRAINING_STEPS, TrainingStep.class).stream().map(Entry::value).toList();
    }
}

package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.attacker.AttackerService;
import io.sparring.cli.RunLog.Entry;
import io.sparring.learning.ExecutionSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.PublishedUpdates;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.pipeline.ServiceHost;
import io.sparring.producer.ProducerService;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.trainer.Beginning;
import io.sparring.trainer.RunProgram;
import io.sparring.trainer.TrainerService;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Attackers of three releases beside a trainer of this one, and beside producer and trainer of a later one. */
class RollingUpgradeIT {

    @RegisterExtension
    static final SharedBroker BROKER = new SharedBroker();

    private static final int BATCHES = 40;

    @TempDir
    Path folder;

    @Test
    void anAttackerMayBeOlderOrNewerThanItsTrainer() throws Exception {
        train(kafka(null));
    }

    @Test
    void andSoMayProducerAndTrainer() throws Exception {
        train(kafka(OtherRelease.Later.class));
    }

    /** Each attacker has a partition once all are ready, so the run ends only if every release understands the others. */
    private void train(KafkaSettings center) throws Exception {
        RunSpecification run = RunFile.read(null, Map.of(), Map.ofEntries(
                Map.entry("run", "upgrade-" + UUID.randomUUID()), Map.entry("partitions", "3"),
                Map.entry("data.name", MadeDataSet.NAME), Map.entry("data.batchSize", "16"),
                Map.entry("data.batches", "" + BATCHES), Map.entry("data.lead", "24"),
                Map.entry("data.heldOutImages", "50"), Map.entry("data.heldOutBatchSize", "50"),
                Map.entry("network.width", "2"), Map.entry("network.hidden", "8"), Map.entry("attack.steps", "1"),
                Map.entry("evaluation.every", "" + BATCHES), Map.entry("staleness.craftAfterSeconds", "600")));
        MadeDataSet data = MadeDataSet.write(folder, 1, 200, 50);
        ExecutionSettings execution = new ExecutionSettings(1, 1);
        Clock clock = Clock.systemUTC();
        KafkaSettings plain = kafka(null);
        try (Admin admin = plain.admin()) {
            new RunTopics(admin).create(run, (short) 1);
        }
        RunProgress progress = new RunProgress(run);
        try (ServiceHosts services = new ServiceHosts(plain, run.run());
                RunMonitor monitor = RunMonitor.start(plain, run.run(), progress)) {
            services.start(new ProducerService(run, center, data, clock), "producer");
            Map<String, KafkaSettings> attackers = Map.of("first", kafka(OtherRelease.First.class), "today", plain,
                    "later", kafka(OtherRelease.Later.class));
            ServiceHost first = services.start(trainer(run, center, execution), "trainer-1");
            services.awaitThat(() -> PublishedUpdates.of(plain, run.run(), RunProgram.exported(run)).newest().isPresent());
            first.close();
            List<ServiceHost> crafting = attackers.entrySet().stream().map(attacker -> services.start(new AttackerService(run,
                    attacker.getValue(), execution, clock, Duration.ofMinutes(5)), attacker.getKey())).toList();
            services.awaitThat(() -> crafting.stream().allMatch(services::ready));
            services.start(trainer(run, center, execution), "trainer-2");
            services.awaitThat(() -> progress.batches() == BATCHES);
        }
        RunLog log = new RunLog(plain, run.run());
        List<TrainingStep> steps = log.numbered(RunTopic.TRAINING_STEPS, TrainingStep.class).stream().map(Entry::value).toList();
        assertThat(steps).extracting(TrainingStep::getBatchNumber)
                .containsExactlyElementsOf(LongStream.range(0, BATCHES).boxed().toList());
        assertThat(steps).extracting(TrainingStep::getOutcome).isSubsetOf(Outcome.TRAINED, Outcome.REFRESHED);
        assertThat(log.numbered(RunTopic.ADVERSARIAL_BATCHES, AdversarialBatch.class))
                .extracting(entry -> entry.value().getAttacker()).contains("first", "later");
        assertThat(log.numbered(RunTopic.DEAD_LETTERS, ImageBatch.class)).isEmpty();
    }

    private static TrainerService trainer(RunSpecification run, KafkaSettings kafka, ExecutionSettings execution) {
        return new TrainerService(run, kafka, execution, Beginning.OF_RUN_FILE, Clock.systemUTC());
    }

    private static KafkaSettings kafka(Class<? extends OtherRelease> release) {
        return KafkaSettings.read(BROKER.bootstrapServers(), null,
                release == null ? Map.of() : Map.of("SPARRING_KAFKA_INTERCEPTOR_CLASSES", release.getName()));
    }
}

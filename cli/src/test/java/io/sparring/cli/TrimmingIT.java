package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.TrimmedRecords;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A run that takes batches as they arrive and keeps little goes on, whoever comes back to topics whose beginnings are gone. */
class TrimmingIT {

    @RegisterExtension
    static final SharedBroker BROKER = new SharedBroker();

    private static final int BATCHES = 300;
    private static final int CHECKPOINT = 10;
    private static final int KEPT = 2;
    private static final int SEGMENT = 1024 * 1024;
    /** Of pixels alone. */
    private static final int BATCH_BYTES = 128 * 28 * 28;
    private static final List<RunTopic> BATCHES_TOPICS = List.of(RunTopic.CLEAN_BATCHES, RunTopic.ADVERSARIAL_BATCHES);
    private static final List<RunTopic> TRIMMED = List.of(RunTopic.CLEAN_BATCHES, RunTopic.ADVERSARIAL_BATCHES,
            RunTopic.TRAINING_STEPS, RunTopic.MODEL_UPDATES, RunTopic.CHECKPOINTS);

    @TempDir
    Path folder;
    private final List<TrainingStep> steps = new ArrayList<>();

    @Test
    void nothingThatIsNeededIsGone() throws Exception {
        Map<String, String> values = Map.of("order", "arrival", "log", "trim", "data.batches", "" + BATCHES, "data.lead", "40",
                "publishing.interval", "5", "publishing.checkpointEvery", "" + CHECKPOINT / 5,
                "publishing.checkpointsKept", "" + KEPT, "evaluation.every", "50", "staleness.craftAfterSeconds", "1",
                "data.batchSize", "128");
        try (ServiceChildren services = ServiceChildren.of("trimming-" + UUID.randomUUID(), values, BROKER.bootstrapServers(),
                folder); KafkaConsumer<Long, Received<TrainingStep>> consumer = KafkaSettings.of(BROKER.bootstrapServers())
                        .reader(new LongDeserializer(), WireFormat.of(TrainingStep.class).receiver())) {
            giveBackBySmallSegments(services);
            TopicPartition partition = new TopicPartition(RunTopic.TRAINING_STEPS.of(services.run().run()), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            ChildProcess producer = services.start("producer", "producer");
            ChildProcess trainer = services.start("trainer", "trainer");
            ChildProcess attacker = services.start("attacker", "attacker-1");
            awaitSteps(consumer, 60);
            attacker.kill();
            // the trainer crafts alone, and trims what the attackers' group has not come to
            awaitSteps(consumer, 110);
            Map<TopicPartition, Long> first = beginnings(consumer, services);
            assertThat(first.values()).allSatisfy(offset -> assertThat(offset).isPositive());

            trainer.kill();
            producer.kill();
            services.start("producer", "producer");
            services.start("trainer", "trainer");
            services.start("attacker", "attacker-2");
            services.start("evaluator", "evaluator");
            services.awaitLogged("attacker-2", "goes on behind what has been trimmed");
            awaitSteps(consumer, BATCHES);
            await().atMost(ServiceChildren.LIMIT).until(services.progress()::newestIsMeasured);

            assertThat(steps).extracting(TrainingStep::getBatchNumber)
                    .containsExactlyInAnyOrderElementsOf(LongStream.range(0, BATCHES).boxed().toList());
            assertThat(steps).extracting(TrainingStep::getOutcome).isSubsetOf(Outcome.TRAINED, Outcome.REFRESHED);
            assertThat(steps).extracting(TrainingStep::getIncarnation).containsOnly(0);
            assertThat(services.log("trainer")).content().contains("goes on from update 0/").doesNotContain("cannot trim");
            assertThat(beginnings(consumer, services)).allSatisfy((topic, offset) ->
                    assertThat(offset).as("%s", topic).isGreaterThan(first.get(topic)));
            // readers of another topic may see the last transaction a moment later
            await().atMost(ServiceChildren.LIMIT).untilAsserted(() -> assertThat(services.topics()
                    .named(RunTopic.CHECKPOINTS, Checkpoint.class).stream().map(entry -> entry.value().getStep()).distinct())
                    .containsExactly((long) BATCHES - CHECKPOINT, (long) BATCHES));
            // of each partition at most two segments are left: that of the first record that is needed, and the one being written
            long most = 2L * services.run().partitions() * (SEGMENT + BATCH_BYTES);
            assertThat((long) BATCHES * BATCH_BYTES).as("what was written").isGreaterThan(2 * most);
            await().atMost(ServiceChildren.LIMIT).untilAsserted(() -> {
                for (RunTopic topic : BATCHES_TOPICS) {
                    assertThat(onDisk(services, topic)).as("bytes of %s on disk", topic).isPositive().isLessThan(most);
                }
            });
            assertThat(run(services, "rollback", "--to", "10")).contains("step 10 has no checkpoint; those that have: 290, 300; "
                    + "earlier ones were trimmed");
            assertThat(run(services, "export", "--step", "5", "--out", folder.resolve("model").toString()))
                    .contains("step: '5' is not allowed; allowed: the steps of the updates that run");
        }
    }

    /** The smallest that a broker allows, so that a partition of this run has several. */
    private static void giveBackBySmallSegments(ServiceChildren services) throws Exception {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (RunTopic topic : BATCHES_TOPICS) {
            changes.put(new ConfigResource(ConfigResource.Type.TOPIC, topic.of(services.run().run())), List.of(new AlterConfigOp(
                    new ConfigEntry("segment.bytes", "" + SEGMENT), AlterConfigOp.OpType.SET)));
        }
        try (Admin admin = KafkaSettings.of(BROKER.bootstrapServers()).admin()) {
            admin.incrementalAlterConfigs(changes).all().get();
        }
    }

    /** What the broker has of the topic on disk, bytes. */
    private static long onDisk(ServiceChildren services, RunTopic topic) throws Exception {
        try (Admin admin = KafkaSettings.of(BROKER.bootstrapServers()).admin()) {
            return admin.describeLogDirs(List.of(1)).allDescriptions().get().values().stream()
                    .flatMap(folders -> folders.values().stream())
                    .flatMap(data -> data.replicaInfos().entrySet().stream())
                    .filter(replica -> replica.getKey().topic().equals(topic.of(services.run().run())))
                    .mapToLong(replica -> replica.getValue().size()).sum();
        }
    }

    /** Reads all steps, so that none is trimmed unseen. */
    private void awaitSteps(KafkaConsumer<Long, Received<TrainingStep>> consumer, int count) {
        await().atMost(ServiceChildren.LIMIT).pollInSameThread().until(() -> {
            try {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> steps.add(record.value().value()));
            } catch (OffsetOutOfRangeException e) {
                // what is missing then is what the test fails with
                TrimmedRecords.skip(consumer, e);
            }
            return steps.size() >= count;
        });
    }

    private static Map<TopicPartition, Long> beginnings(KafkaConsumer<?, ?> consumer, ServiceChildren services) {
        return consumer.beginningOffsets(TRIMMED.stream().flatMap(topic ->
                IntStream.range(0, topic.partitions(services.run().partitions()))
                        .mapToObj(partition -> new TopicPartition(topic.of(services.run().run()), partition))).toList());
    }

    private static String run(ServiceChildren services, String command, String... options) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(services.arguments());
        words.addAll(List.of(options));
        StringWriter printed = new StringWriter();
        assertThat(Sparring.commandLine().setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed))
                .execute(words.toArray(String[]::new))).as("%s", printed).isPositive();
        return printed.toString();
    }
}

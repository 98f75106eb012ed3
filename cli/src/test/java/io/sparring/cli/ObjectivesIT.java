package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparring.attacker.AttackerService;
import io.sparring.cli.RunLog.Entry;
import io.sparring.evaluator.EvaluatorService;
import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.Geometry;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.ModelProgramBuilder;
import io.sparring.learning.PixelPerturbation;
import io.sparring.learning.SafeTensors;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.pipeline.Update;
import io.sparring.pipeline.UpdateFollower;
import io.sparring.producer.Batch;
import io.sparring.producer.HeldOutBatches;
import io.sparring.producer.ProducerService;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.PerturbationNorm;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WeightsPart;
import io.sparring.trainer.Beginning;
import io.sparring.trainer.RunProgram;
import io.sparring.trainer.TrainerService;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is not in every run, from the first image to the last report: a second view, averaged weights, the Euclidean ball. */
class ObjectivesIT {

    @RegisterExtension
    static final SharedBroker BROKER = new SharedBroker();

    private static final int BATCHES = 20;
    /** So ten batches are an epoch. */
    private static final int TRAINING = 160;
    private static final int HELD_OUT = 48;
    private static final ExecutionSettings EXECUTION = new ExecutionSettings(1, 1);

    @TempDir
    private Path folder;

    @Test
    void bothViewsOfABatchTravelUnderItsNumber() throws Exception {
        RunSpecification run = run(Map.of("objective.name", "consistency+rpat", "data.cropPadding", "1", "data.flip", "true"));
        RunLog log = runToItsEnd(run);

        Map<Long, ImageBatch> clean = new HashMap<>();
        log.numbered(RunTopic.CLEAN_BATCHES, ImageBatch.class).forEach(entry -> clean.put(entry.key(), entry.value()));
        assertThat(clean).hasSize(BATCHES);
        assertThat(clean.values()).allSatisfy(batch ->
                assertThat(batch.getSecondPixels()).isNotEqualTo(batch.getPixels()));
        assertThat(log.numbered(RunTopic.ADVERSARIAL_BATCHES, AdversarialBatch.class)).hasSize(BATCHES).allSatisfy(entry -> {
            Crafted crafted = (Crafted) entry.value().getResult();
            assertThat(crafted.getSecondPerturbation().remaining())
                    .isEqualTo(clean.get(entry.key()).getSecondPixels().remaining());
            assertThat(crafted.getSecondPerturbation()).isNotEqualTo(crafted.getPerturbation());
        });
        assertThat(steps(log)).allSatisfy(step -> {
            // where the network is as sure of one view as of the other, rounding decides
            assertThat(step.getDivergence()).as("between the views").isGreaterThan(-1e-6f);
            assertThat(step.getPerception()).isPositive();
        });
        assertThat(steps(log)).as("the views differ").anySatisfy(step -> assertThat(step.getDivergence()).isPositive());
    }

    @Test
    void averagedWeightsAreWhatIsMeasuredAndPlainOnesWhatIsAttacked() throws Exception {
        RunSpecification run = run(Map.of("objective.name", "rpat++", "objective.averaging", "0.9",
                "objective.averagingFromEpoch", "1"));
        RunLog log = runToItsEnd(run);

        assertThat(steps(log).subList(0, 10)).as("the first epoch").allSatisfy(step ->
                assertThat(step.getLoss()).isEqualTo(step.getCrossEntropy()));
        Map<String, Set<String>> digests = new TreeMap<>();
        log.named(RunTopic.MODEL_UPDATES, ModelUpdate.class).forEach(entry ->
                digests.computeIfAbsent(entry.key(), key -> new TreeSet<>()).add(entry.value().getSha256()));
        assertThat(digests.keySet()).containsExactlyInAnyOrder("0/0", "0/5", "0/10", "0/15", "0/20");
        digests.forEach((update, each) -> assertThat(each).as("update %s: weights and average", update)
                .hasSize(List.of("0/15", "0/20").contains(update) ? 2 : 1));

        Update plain = newest(run, WeightsPart.WEIGHTS);
        Update averaged = newest(run, RunProgram.exported(run));
        assertThat(averaged.identity()).isEqualTo(plain.identity());
        assertThat(steps(log).get(BATCHES - 1).getWeightsSha256()).isEqualTo(plain.sha256()).isNotEqualTo(averaged.sha256());
        Batch first = new HeldOutBatches(new MadeDataSet(folder).load(MadeDataSet.NAME).heldOut(), HELD_OUT, 24).batch(0);
        double measured = log.named(RunTopic.EVALUATIONS, Evaluation.class).stream().map(Entry::value)
                .filter(fact -> fact.getStep() == BATCHES && fact.getBatchNumber() == 0 && fact.getAttack().equals("clean"))
                .findFirst().orElseThrow().getLoss();
        assertThat(measured).isCloseTo(loss(run, first, averaged), within(1e-5))
                .isNotCloseTo(loss(run, first, plain), within(1e-4));
    }

    @Test
    void aRunUnderL2CraftsMeasuresAndReportsUnderItAndItsRecordsMayHaveNumbersOfARegistry() throws Exception {
        RunSpecification run = run(Map.of("attack.norm", "l2", "attack.epsilon", "1.2", "attack.stepSize", "0.6",
                "evaluation.epsilon", "1.2", "evaluation.stepSize", "0.4"));
        RunLog log = runToItsEnd(run, KafkaSettings.read(BROKER.bootstrapServers(), null,
                Map.of("SPARRING_KAFKA_SCHEMA_REGISTRY_URL", CountingRegistry.URL)));

        // all that follows reads it without a registry
        RawLog raw = new RawLog(KafkaSettings.of(BROKER.bootstrapServers()), run.run());
        for (RunTopic topic : List.of(RunTopic.RUNS, RunTopic.CLEAN_BATCHES, RunTopic.HELD_OUT_BATCHES,
                RunTopic.ADVERSARIAL_BATCHES, RunTopic.TRAINING_STEPS, RunTopic.MODEL_UPDATES, RunTopic.ATTACKS, RunTopic.EVALUATIONS, RunTopic.ROBUSTNESS)) {
            assertThat(raw.read(topic)).as("%s", topic).isNotEmpty().allSatisfy(record -> {
                assertThat(record.value()[0]).isZero();
                assertThat(ByteBuffer.wrap(record.value()).getInt(1))
                        .isBetween(CountingRegistry.FIRST, CountingRegistry.FIRST + 20);
            });
        }
        assertThat(raw.read(RunTopic.CHECKPOINTS)).isNotEmpty().allMatch(record -> record.value()[0] == (byte) 0xC3);
        assertThat(raw.read(RunTopic.DEAD_LETTERS)).isEmpty();

        assertThat(log.numbered(RunTopic.ADVERSARIAL_BATCHES, AdversarialBatch.class)).hasSize(BATCHES).allSatisfy(entry -> {
            Crafted crafted = (Crafted) entry.value().getResult();
            assertThat(crafted.getNorm()).isEqualTo(PerturbationNorm.L2);
            assertThat(crafted.getEpsilon()).isEqualTo(1.2f);
            assertThat(crafted.getPerturbation().remaining()).isEqualTo(2 * 16 * 64);
        });
        assertThat(report(log, "clean").getNorm()).isEqualTo("l2");
        assertThat(report(log, "pgd-3")).extracting(Robustness::getNorm, Robustness::getEpsilon).containsExactly("l2", 1.2f);
    }

    private static RunSpecification run(Map<String, String> options) {
        Map<String, String> all = new HashMap<>(Map.of("run", "objectives-" + UUID.randomUUID(), "partitions", "2",
                "data.name", MadeDataSet.NAME, "data.batchSize", "16", "data.batches", "" + BATCHES, "data.lead", "12",
                "data.heldOutImages", "" + HELD_OUT, "data.heldOutBatchSize", "24",
                "network.width", "4", "network.hidden", "16"));
        all.putAll(Map.of("attack.steps", "2", "attack.stepSize", "0.05", "evaluation.steps", "3", "evaluation.every", "20",
                "evaluation.stepSize", "0.05", "staleness.atMost", "6", "staleness.craftAfterSeconds", "600"));
        all.putAll(options);
        return RunFile.read(null, Map.of(), all);
    }

    private RunLog runToItsEnd(RunSpecification run) throws Exception {
        return runToItsEnd(run, KafkaSettings.of(BROKER.bootstrapServers()));
    }

    private RunLog runToItsEnd(RunSpecification run, KafkaSettings kafka) throws Exception {
        MadeDataSet data = MadeDataSet.write(folder, 1, TRAINING, HELD_OUT);
        Clock clock = Clock.systemUTC();
        try (Admin admin = kafka.admin()) {
            new RunTopics(admin).create(run, (short) 1);
        }
        RunProgress progress = new RunProgress(run);
        try (ServiceHosts services = new ServiceHosts(kafka, run.run());
                RunMonitor monitor = RunMonitor.start(kafka, run.run(), progress)) {
            services.start(new ProducerService(run, kafka, data, clock), "producer");
            services.start(new AttackerService(run, kafka, EXECUTION, clock, Duration.ofMinutes(5)), "attacker");
            services.start(new TrainerService(run, kafka, EXECUTION, Beginning.OF_RUN_FILE, clock), "trainer");
            services.start(new EvaluatorService(run, kafka, EXECUTION, clock), "evaluator");
            services.awaitThat(() -> progress.batches() == BATCHES && progress.newestIsMeasured());
        }
        RunLog log = new RunLog(BROKER.bootstrapServers(), run.run());
        assertThat(steps(log)).extracting(TrainingStep::getBatchNumber)
                .containsExactlyElementsOf(LongStream.range(0, BATCHES).boxed().toList());
        assertThat(steps(log)).extracting(TrainingStep::getOutcome).isSubsetOf(Outcome.TRAINED, Outcome.REFRESHED);
        return log;
    }

    private static List<TrainingStep> steps(RunLog log) {
        return log.numbered(RunTopic.TRAINING_STEPS, TrainingStep.class).stream().map(Entry::value).toList();
    }

    /** Of the last update. */
    private static Robustness report(RunLog log, String attack) {
        return log.named(RunTopic.ROBUSTNESS, Robustness.class).stream()
                .filter(entry -> entry.key().equals("0/" + BATCHES + "/" + attack + "/held-out")).map(Entry::value)
                .filter(report -> report.getStatus() == ReportStatus.COMPLETE).findFirst().orElseThrow();
    }

    private static Update newest(RunSpecification run, WeightsPart part) throws InterruptedException {
        try (UpdateFollower updates =
                UpdateFollower.start(KafkaSettings.of(BROKER.bootstrapServers()), run.run(), part, update -> true)) {
            return updates.awaitOtherThan(null, Duration.ofMinutes(1)).orElseThrow();
        }
    }

    /** Mean cross entropy. */
    private static double loss(RunSpecification run, Batch batch, Update update) {
        try (ModelProgram program = ModelProgram.load(
                ModelProgramBuilder.build(RunProgram.specification(run, new Geometry(8, 8, 1, 4))), EXECUTION)) {
            program.assign(SafeTensors.decode(update.weights()));
            float[][] logits = program.predict(PixelPerturbation.images(batch.pixels()), batch.count());
            double loss = 0;
            for (int i = 0; i < logits.length; i++) {
                double sum = 0;
                for (float logit : logits[i]) {
                    sum += Math.exp(logit);
                }
                loss += Math.log(sum) - logits[i][batch.labels()[i]];
            }
            return loss / logits.length;
        }
    }
}

package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.attacker.AttackerService;
import io.sparring.cli.RunFuzzer.Sent;
import io.sparring.evaluator.EvaluatorService;
import io.sparring.learning.ExecutionSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.pipeline.ServiceHost;
import io.sparring.producer.LabeledImages;
import io.sparring.producer.ProducerService;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.IncomingImage;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import io.sparring.trainer.Beginning;
import io.sparring.trainer.TrainerService;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of random and mutated records on every topic of a run while it goes on: it goes on, gives each batch one outcome,
 * and what is bad is set aside or refused. What {@link RunFuzzer} leaves out, it says. {@code -Dfuzz.seed=N} repeats a seed's
 * records as far as the run's own come at the same times; {@code -Dfuzz.records=N} writes more.
 */
class FuzzIT {

    @RegisterExtension
    static final SharedBroker BROKER = new SharedBroker();

    private static final int BATCHES = 240;
    private static final int BATCH = 16;
    private static final int CHUNKS = 50;
    private static final int PARTITIONS = 3;
    /**
     * Heap that may be held afterwards more than before: what clients buffer, and the fuzzer's own 30 MB of records. Readers that made
     * room for the lengths which records announce would hold gigabytes.
     */
    private static final long SLACK = 300L << 20;

    private final long seed = Long.getLong("fuzz.seed", System.nanoTime());
    private final int records = Integer.getInteger("fuzz.records", 3_000);
    private final RunSpecification run = RunFile.read(null, Map.of(), Map.ofEntries(
            Map.entry("run", "fuzz-" + UUID.randomUUID()), Map.entry("partitions", "" + PARTITIONS),
            Map.entry("data.name", MadeDataSet.NAME), Map.entry("data.source", "incoming"),
            Map.entry("data.batchSize", "" + BATCH),
            Map.entry("data.batches", "" + BATCHES), Map.entry("data.lead", "24"),
            Map.entry("data.heldOutImages", "160"), Map.entry("data.heldOutBatchSize", "32"),
            Map.entry("network.width", "4"), Map.entry("network.hidden", "8"), Map.entry("network.mean", "[0.4]"),
            Map.entry("network.deviation", "[0.12]"), Map.entry("attack.steps", "2"), Map.entry("attack.stepSize", "0.05"),
            Map.entry("evaluation.steps", "2"), Map.entry("evaluation.stepSize", "0.05"), Map.entry("evaluation.every", "120"),
            Map.entry("publishing.interval", "5"), Map.entry("staleness.atMost", "7"),
            Map.entry("staleness.craftAfterSeconds", "1"),
            // what is trimmed cannot be looked at
            Map.entry("log", "keep")));
    private final Clock clock = Clock.systemUTC();
    private final RunProgress progress = new RunProgress(run);

    @Test
    void whateverIsWrittenTheRunGoesOnAndNothingBadIsLost(@TempDir Path folder) throws Exception {
        System.out.println("fuzz.seed=" + seed + " run=" + run.run());
        KafkaSettings kafka = KafkaSettings.of(BROKER.bootstrapServers());
        ExecutionSettings execution = ExecutionSettings.standard();
        MadeDataSet data = MadeDataSet.write(folder, 1, 1_000, 160);
        try (Admin admin = kafka.admin()) {
            new RunTopics(admin).create(run, (short) 1);
        }
        try (ServiceHosts services = new ServiceHosts(kafka, run.run());
                RunMonitor monitor = RunMonitor.start(kafka, run.run(), progress);
                RunFuzzer fuzzer = new RunFuzzer(kafka, run, seed);
                Producer<byte[], byte[]> images = kafka.producer(new ByteArraySerializer())) {
            LabeledImages training = data.load(MadeDataSet.NAME, 0).training();
            feed(images, training, 0);
            services.start(new ProducerService(run, kafka, data, clock), "producer");
            services.start(new EvaluatorService(run, kafka, execution, clock), "evaluator");
            for (String attacker : List.of("attacker-1", "attacker-2")) {
                services.start(new AttackerService(run, kafka, execution, clock, Duration.ofMinutes(5)), attacker);
            }
            ServiceHost trainer = services.start(
                    new TrainerService(run, kafka, execution, Beginning.OF_RUN_FILE, clock), "trainer");
            services.awaitThat(() -> progress.batches() > 0);
            long heap = 0;
            for (int chunk = 0; chunk < CHUNKS; chunk++) {
                if (chunk == CHUNKS / 4) {
                    // code is loaded, and buffers have been used
                    heap = heap();
                }
                if (chunk % 5 == 0) {
                    fuzzer.look();
                }
                fuzzer.write(records / CHUNKS);
                feed(images, training, chunk + 1);
                long expected = BATCHES * chunk / (CHUNKS + 5);
                services.awaitThat(() -> progress.batches() >= expected);
            }
            services.awaitThat(() -> progress.batches() == BATCHES && progress.newestIsMeasured());
            Map<Long, TrainingStep> steps = assertOneOutcomeEach(kafka, fuzzer);
            assertNothingBadIsLost(kafka, services, fuzzer, steps);
            assertCountersAgree(kafka, services, fuzzer, trainer);
            assertThat(services.running()).as("seed %d", seed).hasSize(5);
            assertThat(heap() - heap).as("seed %d: bytes held", seed).isLessThan(SLACK);
            assertAnotherTrainerFindsTheEnd(kafka, services, trainer, execution);
        }
    }

    /** Sends what the batches of a chunk are made of, so that what is written among the images is read while the run goes on. */
    private void feed(Producer<byte[], byte[]> producer, LabeledImages images, int chunk) {
        int count = BATCH * BATCHES / CHUNKS + BATCH;
        for (int image = chunk * count; image < (chunk + 1) * count; image++) {
            int place = image % images.count();
            producer.send(new ProducerRecord<>(RunTopic.INCOMING_IMAGES.of(run.run()), 0, null, WireFormat.of(IncomingImage.class)
                    .encode(new IncomingImage(images.labels()[place], images.height(), images.width(), images.channels(),
                            ByteBuffer.wrap(images.pixels(), place * images.bytesPerImage(), images.bytesPerImage()), null))));
        }
        producer.flush();
    }

    private Map<Long, TrainingStep> assertOneOutcomeEach(KafkaSettings kafka, RunFuzzer fuzzer) {
        Map<Long, TrainingStep> steps = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : new RawLog(kafka, run.run()).read(RunTopic.TRAINING_STEPS)) {
            if (!fuzzer.wrote(record)) {
                TrainingStep step = RunFuzzer.decode(TrainingStep.class, record.value());
                assertThat(steps.put(step.getBatchNumber(), step)).as("seed %d: %s", seed, step).isNull();
                assertThat(step.getIncarnation()).as("seed %d: %s", seed, step).isZero();
            }
        }
        assertThat(steps.keySet()).as("seed %d", seed).containsExactlyElementsOf(LongStream.range(0, BATCHES).boxed().toList());
        assertThat(steps.values().stream().filter(step -> step.getOutcome() != Outcome.REFUSED)).as("seed %d", seed)
                .hasSizeGreaterThan(BATCHES / 4);
        return steps;
    }

    private void assertNothingBadIsLost(KafkaSettings kafka, ServiceHosts services, RunFuzzer fuzzer,
            Map<Long, TrainingStep> steps) {
        Map<Integer, Long> cleanRead = lastOwn(kafka, fuzzer);
        long incomingRead = incomingRead(kafka, fuzzer);
        Map<Integer, Long> adversarialRead = new HashMap<>();
        Set<String> refused = new HashSet<>();
        steps.values().stream().filter(step -> step.getAdversarialOffset() != null).forEach(step -> {
            int partition = (int) (step.getBatchNumber() % PARTITIONS);
            adversarialRead.merge(partition, step.getAdversarialOffset(), Math::max);
            if (step.getOutcome() == Outcome.REFUSED) {
                refused.add(partition + "/" + step.getAdversarialOffset());
            }
        });
        List<Sent> bad = fuzzer.sent().stream().filter(record -> switch (record.topic()) {
            // of what can be read and has its outcome the trainer tells, which reads as far as the last batch of the producer
            case CLEAN_BATCHES -> record.offset() < cleanRead.get(record.partition());
            case ADVERSARIAL_BATCHES -> record.offset() < adversarialRead.get(record.partition())
                    && !refused.contains(record.partition() + "/" + record.offset())
                    && !answersAnothersBatch(record, kafka, steps);
            case HELD_OUT_BATCHES -> true;
            case INCOMING_IMAGES -> !record.copy() && record.offset() < incomingRead;
            case EVALUATIONS -> !record.copy();
            default -> false;
        }).toList();
        assertThat(bad).as("seed %d", seed).hasSizeGreaterThan(records / 8);
        Set<String> letters = new HashSet<>();
        services.awaitThat(() -> {
            new DeadLetterLog(kafka, run.run()).forEach(letter -> letters.add(letter.from()));
            return bad.stream().allMatch(record -> letters.contains(RunFuzzer.origin(run, record)))
                    || fuzzerHasWaited(bad, letters);
        });
    }

    /** What is missing is said by the assertion rather than by the end of the waiting. */
    private boolean fuzzerHasWaited(List<Sent> bad, Set<String> letters) {
        looks++;
        if (looks > 100) {
            assertThat(bad.stream().map(record -> RunFuzzer.origin(run, record) + " copy " + record.copy())
                    .filter(origin -> !letters.contains(origin.substring(0, origin.indexOf(' '))))).as("seed %d: lost", seed)
                    .isEmpty();
        }
        return false;
    }

    private int looks;

    /** A copy of an answer that was not the one taken: a batch may be answered by two, and that is only counted. */
    private boolean answersAnothersBatch(Sent record, KafkaSettings kafka, Map<Long, TrainingStep> steps) {
        if (record.value() == null || record.key() == null || record.key().length != Long.BYTES) {
            return false;
        }
        try {
            long number = ByteBuffer.wrap(record.key()).getLong();
            AdversarialBatch answer = RunFuzzer.decode(AdversarialBatch.class, record.value());
            return answer.getBatchNumber() == number && steps.containsKey(number)
                    && steps.get(number).getAdversarialOffset() != null
                    && !answer.getAttacker().equals(taken(kafka, number, steps.get(number).getAdversarialOffset()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private final Map<String, String> authors = new HashMap<>();

    private String taken(KafkaSettings kafka, long number, long offset) {
        if (authors.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> record : new RawLog(kafka, run.run()).read(RunTopic.ADVERSARIAL_BATCHES)) {
                try {
                    authors.put(record.partition() + "/" + record.offset(),
                            RunFuzzer.decode(AdversarialBatch.class, record.value()).getAttacker());
                } catch (IllegalArgumentException | NullPointerException e) {
                    authors.put(record.partition() + "/" + record.offset(), "");
                }
            }
        }
        return authors.get(number % PARTITIONS + "/" + offset);
    }

    /** Offset of the last record that the producer has sent, by partition. */
    private Map<Integer, Long> lastOwn(KafkaSettings kafka, RunFuzzer fuzzer) {
        Map<Integer, Long> last = new HashMap<>();
        new RawLog(kafka, run.run()).read(RunTopic.CLEAN_BATCHES).stream().filter(record -> !fuzzer.wrote(record))
                .forEach(record -> last.merge(record.partition(), record.offset(), Math::max));
        return last;
    }

    /** Offset behind the last image that is part of a batch. */
    private long incomingRead(KafkaSettings kafka, RunFuzzer fuzzer) {
        return new RawLog(kafka, run.run()).read(RunTopic.CLEAN_BATCHES).stream().filter(record -> !fuzzer.wrote(record))
                .mapToLong(record -> RunFuzzer.decode(ImageBatch.class, record.value()).getIncomingNext()).max().orElseThrow();
    }

    private void assertCountersAgree(KafkaSettings kafka, ServiceHosts services, RunFuzzer fuzzer, ServiceHost trainer) {
        services.awaitThat(() -> {
            Map<String, Long> letters = new TreeMap<>();
            for (ConsumerRecord<byte[], byte[]> record : new RawLog(kafka, run.run()).read(RunTopic.DEAD_LETTERS)) {
                if (!fuzzer.wrote(record)) {
                    letters.merge(DeadLetter.of(record).topic(), 1L, Long::sum);
                }
            }
            Map<String, Long> counted = new TreeMap<>();
            services.running().forEach(host -> counted(services, host, "sparring_dead_letters_total", "topic")
                    .forEach((topic, count) -> counted.merge(topic, count, Long::sum)));
            // a transaction that is given up counts its letters a second time when it is made again
            List<String> transactional = List.of(RunTopic.CLEAN_BATCHES.of(run.run()), RunTopic.EVALUATIONS.of(run.run()),
                    RunTopic.INCOMING_IMAGES.of(run.run()));
            return counted.keySet().equals(letters.keySet()) && counted.entrySet().stream().allMatch(count ->
                    transactional.contains(count.getKey()) ? count.getValue() >= letters.get(count.getKey())
                            : count.getValue().equals(letters.get(count.getKey())));
        });
        assertThat(counted(services, trainer, "sparring_outcomes_total", "outcome").values().stream().mapToLong(Long::longValue)
                .sum()).as("seed %d", seed).isEqualTo(BATCHES);
        assertThat(counted(services, trainer, "sparring_duplicates_total", "topic")).as("seed %d", seed)
                .allSatisfy((topic, count) -> assertThat(count).isPositive());
        assertThat(services.running()).allSatisfy(host -> assertThat(services.get(host, "/metrics").body()).as("seed %d", seed)
                .containsPattern("sparring_dead_letters_lost_total\\{[^}]*} 0\\.0"));
    }

    private static Map<String, Long> counted(ServiceHosts services, ServiceHost host, String metric, String tag) {
        Map<String, Long> counts = new TreeMap<>();
        Matcher lines = Pattern.compile("(?m)^" + metric + "\\{[^}]*\\b" + tag + "=\"([^\"]*)\"[^}]*} ([0-9.E]+)$")
                .matcher(services.get(host, "/metrics").body());
        while (lines.find()) {
            counts.put(lines.group(1), (long) Double.parseDouble(lines.group(2)));
        }
        return counts;
    }

    /** It reads the checkpoints and steps, and all that was written among them. */
    private void assertAnotherTrainerFindsTheEnd(KafkaSettings kafka, ServiceHosts services, ServiceHost trainer,
            ExecutionSettings execution) {
        trainer.close();
        ServiceHost next = services.start(new TrainerService(run, kafka, execution, Beginning.OF_RUN_FILE, clock), "trainer-2");
        services.awaitThat(() -> services.get(next, "/metrics").body().contains("sparring_state{")
                && Optional.of(counted(services, next, "sparring_state", "state"))
                        .map(state -> state.get("FINISHED")).orElse(0L) == 1);
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}

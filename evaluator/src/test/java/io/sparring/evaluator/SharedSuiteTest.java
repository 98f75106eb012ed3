package io.sparring.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.autoattack.AttackSuite;
import io.sparring.learning.autoattack.AutoAttackSettings;
import io.sparring.learning.autoattack.ImageState;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SetAside;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.Tracing;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AttackProgress;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Evaluators that share an update, each with its own program, and come and go. */
class SharedSuiteTest {

    private static final RunSpecification RUN = RunFile.read(null, Map.of(), Map.ofEntries(Map.entry("run", "tiny"),
            Map.entry("seed", "7"), Map.entry("partitions", "2"), Map.entry("data.heldOutImages", "128"),
            Map.entry("data.heldOutBatchSize", "32"), Map.entry("evaluation.epsilon", "0.1"),
            Map.entry("evaluation.stepSize", "0.05"), Map.entry("evaluation.steps", "3"),
            Map.entry("evaluation.suite", "autoattack"), Map.entry("evaluation.suiteIterations", "2"),
            Map.entry("evaluation.suiteTargets", "2"), Map.entry("evaluation.suiteQueries", "5")));
    private static final List<ImageBatch> BATCHES = LongStream.range(0, 4).mapToObj(TinyRun::batch).toList();

    private static ModelProgram program;
    private static ModelProgram other;
    private static Update trained;

    private final List<ProducerRecord<String, byte[]>> topic = new ArrayList<>();
    private final List<Evaluation> facts = new ArrayList<>();
    private Optional<UpdateIdentity> due = Optional.of(trained.identity());

    @BeforeAll
    static void load() {
        program = TinyRun.load();
        other = TinyRun.load();
        trained = TinyRun.update(60, TinyRun.trainedWeights(program));
    }

    @AfterAll
    static void close() {
        program.close();
        other.close();
    }

    @Test
    void oneEvaluatorFindsWhatTheSuiteFindsAtOnce() {
        finish(evaluator(program), BATCHES);

        AttackSuite suite = AttackSuite.autoAttack(new AutoAttackSettings(AttackNorm.LINF, 0.1f, 7, 2, 1, 2, 5), 4);
        program.assign(io.sparring.learning.SafeTensors.decode(trained.weights()));
        for (ImageBatch batch : BATCHES) {
            long first = batch.getBatchNumber() * 32;
            List<ImageState> expected = suite.attack(program, new io.sparring.learning.autoattack.ImageBatch(
                    LongStream.range(first, first + 32).toArray(), TinyRun.images(batch), TinyRun.labels(batch)));
            assertThat(newest().values().stream().filter(image -> image.getBatchNumber() == batch.getBatchNumber())
                    .sorted(Comparator.comparingLong(AttackProgress::getImage))
                    .map(image -> new ImageState(image.getImage(), image.getSteps(), Optional.ofNullable(image.getFooledBy()))))
                    .containsExactlyElementsOf(expected);
            Map<String, Integer> standing = suite.standing(expected);
            assertThat(correct(batch, "square")).isEqualTo(standing.get("square")).isEqualTo(correct(batch, "autoattack"));
            assertThat(correct(batch, "apgd-ce")).isEqualTo(standing.get("apgd-ce"));
            assertThat(correct(batch, "clean")).isEqualTo(standing.get("clean"));
        }
        assertThat(facts).extracting(Evaluation::getAttack).contains("clean", "pgd-3", "apgd-ce", "apgd-t", "fab-t", "square",
                "autoattack").allSatisfy(attack -> assertThat(facts.stream().filter(fact -> fact.getAttack().equals(attack)))
                .hasSize(4));
        assertThat(facts.stream().filter(fact -> fact.getAttack().equals("autoattack")).findFirst().orElseThrow().getParameters())
                .isEqualTo(Map.of("iterations", "2", "restarts", "1", "targets", "2", "queries", "5", "parts",
                        "apgd-ce apgd-t fab-t square"));
    }

    @Test
    void aStepIsOfFewImages() {
        SuiteEvaluator suite = new SuiteEvaluator(RUN, new UpdateWeights(program), "evaluator-1", new SettableClock(), 10);
        Map<Long, AttackProgress> known = new HashMap<>();
        List<Integer> sizes = new ArrayList<>();
        while (!suite.isDone(BATCHES.get(1), known)) {
            List<AttackProgress> progress = suite.advance(BATCHES.get(1), trained, known);
            assertThat(progress).extracting(AttackProgress::getSteps).as("one step of all").containsOnly(progress.get(0).getSteps());
            progress.forEach(image -> assertThat(known.put(image.getImage(), image)).satisfiesAnyOf(before ->
                    assertThat(before).isNull(), before -> assertThat(before.getSteps()).isEqualTo(image.getSteps() - 1)));
            sizes.add(progress.size());
        }
        assertThat(sizes).startsWith(10, 10, 10, 2).allMatch(size -> size <= 10);
        assertThat(known.keySet()).containsExactlyInAnyOrderElementsOf(LongStream.range(32, 64).boxed().toList());
    }

    @Test
    void whoeverTakesOverGoesOnWhereTheOtherDied() {
        finish(evaluator(program), BATCHES);
        Map<Long, AttackProgress> alone = newest();
        int steps = topic.size();
        for (int died = 1; died < 20; died += 3) {
            topic.clear();
            SharedSuite first = evaluator(program);
            for (int step = 0; step < died; step++) {
                first.next(BATCHES);
            }
            finish(evaluator(other), BATCHES);

            assertThat(topic.size()).as("died after %d steps", died).isEqualTo(steps);
            assertNothingTwice();
            assertThat(outcomes(newest())).isEqualTo(outcomes(alone));
        }
    }

    @Test
    void severalShareAnUpdateAndPartitionsMayMove() {
        SharedSuite first = evaluator(program);
        SharedSuite second = evaluator(other);
        List<ImageBatch> even = List.of(BATCHES.get(0), BATCHES.get(2));
        List<ImageBatch> odd = List.of(BATCHES.get(1), BATCHES.get(3));
        for (int step = 0; step < 5; step++) {
            assertThat(first.next(even)).isPresent();
            assertThat(second.next(odd)).isPresent();
        }
        // the partitions change hands, then one gets all
        for (int step = 0; step < 3; step++) {
            first.next(odd);
            second.next(even);
        }
        finish(second, BATCHES);
        assertThat(first.next(BATCHES)).isEmpty();
        assertNothingTwice();
        assertThat(facts.stream().filter(fact -> fact.getAttack().equals("autoattack"))).hasSize(4);
    }

    @Test
    void anEvaluatorThatIsStartedAgainDoesNotReportWhatIsReported() {
        finish(evaluator(program), BATCHES);
        int reported = facts.size();
        assertThat(evaluator(program).next(BATCHES)).isEmpty();
        assertThat(facts).hasSize(reported);
    }

    @Test
    void nothingIsDoneWhileNothingIsDue() {
        due = Optional.empty();
        assertThat(evaluator(program).next(BATCHES)).isEmpty();
    }

    @Test
    void progressWithOtherParametersDoesNotCount() {
        finish(evaluator(program), List.of(BATCHES.get(0)));
        RunSpecification changed = RunFile.read(null, Map.of(), Map.ofEntries(Map.entry("run", "tiny"), Map.entry("seed", "7"),
                Map.entry("partitions", "2"), Map.entry("data.heldOutImages", "128"), Map.entry("data.heldOutBatchSize", "32"),
                Map.entry("evaluation.epsilon", "0.1"), Map.entry("evaluation.suite", "autoattack"),
                Map.entry("evaluation.suiteIterations", "3")));
        SuiteEvaluator suite = new SuiteEvaluator(changed, new UpdateWeights(program), "evaluator-1", new SettableClock());
        assertThat(newest().values()).noneMatch(suite::understands);
    }

    private void finish(SharedSuite evaluator, List<ImageBatch> held) {
        int steps = 0;
        while (evaluator.next(held).isPresent()) {
            assertThat(steps++).as("steps").isLessThan(200);
        }
    }

    /** An evaluator that is started now. */
    private SharedSuite evaluator(ModelProgram its) {
        UpdateWeights weights = new UpdateWeights(its);
        SuiteEvaluator suite = new SuiteEvaluator(RUN, weights, "evaluator-1", new SettableClock());
        MockConsumer<String, Received<AttackProgress>> consumer = new MockConsumer<>("none");
        for (int partition = 0; partition < 2; partition++) {
            consumer.updateBeginningOffsets(Map.of(new TopicPartition("tiny.attack-progress", partition), 0L));
            consumer.updateEndOffsets(Map.of(new TopicPartition("tiny.attack-progress", partition), 0L));
        }
        AttackProgressLog log = new AttackProgressLog(new Following(consumer).consumer(), "tiny", 2, suite::understands, suite::isDone,
                128, SetAside.LOGGED);
        MockProducer<String, byte[]> producer = new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()) {
            @Override
            public synchronized java.util.concurrent.Future<org.apache.kafka.clients.producer.RecordMetadata> send(
                    ProducerRecord<String, byte[]> record) {
                if (record.topic().equals("tiny.evaluations")) {
                    facts.add(WireFormat.of(Evaluation.class).decode(ByteBuffer.wrap(record.value())));
                } else {
                    topic.add(record);
                }
                return super.send(record);
            }
        };
        return new SharedSuite(suite, new BatchEvaluator(RUN, weights, "evaluator-1", new SettableClock()), Slice.whole(RUN), log,
                new SuitePlan(() -> due, identity -> Optional.of(trained)), new FactSender("tiny", 2, producer, Tracing.OFF));
    }

    /** Gives a consumer what is on the topic by the time it asks where that ends. */
    private final class Following {

        private final MockConsumer<String, Received<AttackProgress>> consumer;
        private int read;

        Following(MockConsumer<String, Received<AttackProgress>> consumer) {
            this.consumer = consumer;
        }

        @SuppressWarnings("unchecked")
        org.apache.kafka.clients.consumer.Consumer<String, Received<AttackProgress>> consumer() {
            return (org.apache.kafka.clients.consumer.Consumer<String, Received<AttackProgress>>) java.lang.reflect.Proxy
                    .newProxyInstance(getClass().getClassLoader(), new Class<?>[] {org.apache.kafka.clients.consumer.Consumer.class},
                            (self, method, arguments) -> {
                                if (method.getName().equals("endOffsets")) {
                                    append();
                                }
                                return method.invoke(consumer, arguments);
                            });
        }

        private void append() {
            for (; read < topic.size(); read++) {
                ProducerRecord<String, byte[]> record = topic.get(read);
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                long offset = topic.subList(0, read).stream().filter(each -> each.partition().equals(record.partition())).count();
                consumer.addRecord(new ConsumerRecord<>(record.topic(), record.partition(), offset, record.key(),
                        Received.readable(decode(record))));
                consumer.updateEndOffsets(Map.of(partition, offset + 1));
            }
        }
    }

    private static AttackProgress decode(ProducerRecord<String, byte[]> record) {
        return WireFormat.of(AttackProgress.class).decode(ByteBuffer.wrap(record.value()));
    }

    private Stream<AttackProgress> all() {
        return topic.stream().map(SharedSuiteTest::decode);
    }

    private Map<Long, AttackProgress> newest() {
        Map<Long, AttackProgress> newest = new HashMap<>();
        all().forEach(image -> newest.put(image.getImage(), image));
        return newest;
    }

    private static Map<Long, String> outcomes(Map<Long, AttackProgress> images) {
        Map<Long, String> outcomes = new HashMap<>();
        images.forEach((image, progress) -> outcomes.put(image, progress.getSteps() + " " + progress.getFooledBy()));
        return outcomes;
    }

    private void assertNothingTwice() {
        assertThat(all().map(image -> image.getImage() + " step " + image.getSteps())).doesNotHaveDuplicates();
    }

    private int correct(ImageBatch batch, String attack) {
        return facts.stream().filter(fact -> fact.getAttack().equals(attack) && fact.getBatchNumber() == batch.getBatchNumber())
                .findFirst().orElseThrow().getCorrect();
    }
}

package io.sparring.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.sparring.attacker.AttackerService;
import io.sparring.cli.LocalBrokerProcess;
import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.ProgramLoader;
import io.sparring.pipeline.AttackSettings;
import io.sparring.pipeline.HttpSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.ProgramPin;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.pipeline.Service;
import io.sparring.pipeline.ServiceHost;
import io.sparring.producer.ProducerService;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WriterSchemaHeader;
import io.sparring.trainer.Beginning;
import io.sparring.trainer.TrainerService;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a batch costs, counted rather than timed, so that a gross regression fails wherever it is run: bytes sent, copies made
 * and requests to the broker. The services are the real ones; crafting and training compute nothing. The bounds leave room for
 * a slow machine's idle polls, not for one more copy of each batch on a service's thread.
 */
class CountsIT {

    private static final int BATCHES = 200;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final double RECORD = (double) SimulatedProgram.BATCH * StepNetwork.GEOMETRY.imageSize();
    private static final Map<String, String> KEYS = Map.of("data.batches", Integer.toString(BATCHES), "network.width", "2",
            "network.hidden", "16", "publishing.interval", "10", "staleness.atMost", "32");

    private static final String PRODUCERS = "kafka.producer:type=producer-metrics,client-id=";
    private static final String CONSUMERS = "kafka.consumer:type=consumer-metrics,client-id=";
    /** The frame takes 13 % of them, which compress to nothing. */
    private static final double MOST_CLEAN = 2900;
    private static final double MOST_REQUESTS = 25;
    private static final double MOST_COPIES_PRODUCER = 6;
    private static final double MOST_COPIES_ATTACKER = 19;
    private static final double MOST_COPIES_TRAINER = 24;

    @TempDir
    Path folder;

    private final List<ServiceHost> hosts = new ArrayList<>();
    private final List<TrainingStep> steps = new ArrayList<>();
    private LocalBrokerProcess broker;
    private RunSpecification run;
    private KafkaSettings kafka;

    @BeforeEach
    void startBroker() throws Exception {
        broker = LocalBrokerProcess.start(folder.resolve("broker"), 0);
        kafka = KafkaSettings.of(broker.bootstrapServers());
        run = BenchRuns.of(StepNetwork.CNN4, KEYS);
        try (Admin admin = kafka.admin()) {
            new RunTopics(admin).create(run, (short) 1);
        }
    }

    @AfterEach
    void stop() {
        hosts.forEach(ServiceHost::close);
        broker.close();
    }

    @Test
    void aBatchCostsNoMoreBytesCopiesAndRequestsThanItDid() throws Exception {
        ProgramLoader simulated = (savedModel, settings) ->
                new SimulatedProgram(StepNetwork.GEOMETRY, Set.of(AttackSettings.NAME), Duration.ofMillis(1));
        ExecutionSettings execution = new ExecutionSettings(1, 1);
        start(new ProducerService(run, kafka, new RandomImages(), Clock.systemUTC()));
        start(new TrainerService(run, kafka, execution, new Beginning(Optional.empty(), Optional.empty(), ProgramPin.NONE),
                simulated, Clock.systemUTC()));
        start(new AttackerService(run, kafka, execution, ProgramPin.NONE, simulated, Clock.systemUTC(), Duration.ofMinutes(5)));
        try (RunLogs<TrainingStep> log = new RunLogs<>(kafka, run.run(), RunTopic.TRAINING_STEPS, 1, TrainingStep.class)) {
            await().atMost(LIMIT).until(() -> {
                hosts.stream().filter(host -> host.ended().isDone()).forEach(host -> host.ended().join());
                log.read(record -> steps.add(record.value().value()));
                return steps.size() == BATCHES;
            });
        }

        Set<String> schema = Set.of(WriterSchemaHeader.NAME);
        assertThat(headers()).as("headers of a run that nobody traces").isEqualTo(Map.of(
                RunTopic.CLEAN_BATCHES, schema, RunTopic.ADVERSARIAL_BATCHES, schema, RunTopic.TRAINING_STEPS, schema,
                RunTopic.MODEL_UPDATES, schema));
        assertThat(steps).allMatch(step -> step.getOutcome() == Outcome.TRAINED);
        double images = BATCHES * (double) SimulatedProgram.BATCH;
        double clean = sum(PRODUCERS + "producer-bench.producer", "outgoing-byte-total") / images;
        double adversarial = sum(PRODUCERS + "producer-bench.attacker.*", "outgoing-byte-total") / images;
        double requests = sum(PRODUCERS + "*", "request-total") + sum(CONSUMERS + "*", "request-total");
        System.out.printf("bytes an image %.0f + %.0f, requests a batch %.1f, copies: producer %.1f attacker %.1f trainer %.1f%n",
                clean, adversarial, requests / BATCHES, copies("producer"), copies("attacker"), copies("trainer"));
        assertThat(clean).as("bytes an image: random pixels in a black frame").isBetween(2000.0, MOST_CLEAN);
        assertThat(clean + adversarial).as("bytes an image, clean and adversarial").isBetween(3072.0, 1.35 * 3072);
        assertThat(requests / BATCHES).as("requests to the broker for each batch").isBetween(1.0, MOST_REQUESTS);
        assertThat(copies("producer")).as("copies of a batch's bytes on the producer's thread")
                .isBetween(1.0, MOST_COPIES_PRODUCER);
        assertThat(copies("attacker")).as("likewise of the attacker, floats among them").isBetween(1.0, MOST_COPIES_ATTACKER);
        assertThat(copies("trainer")).as("likewise of the trainer").isBetween(1.0, MOST_COPIES_TRAINER);
    }

    /** The names of those that the records of each of these topics have been sent with. */
    private Map<RunTopic, Set<String>> headers() {
        Map<RunTopic, Set<String>> names = new TreeMap<>();
        Map.of(RunTopic.CLEAN_BATCHES, ImageBatch.class, RunTopic.ADVERSARIAL_BATCHES, AdversarialBatch.class,
                RunTopic.TRAINING_STEPS, TrainingStep.class, RunTopic.MODEL_UPDATES, ModelUpdate.class).forEach((topic, type) -> {
                    try (RunLogs<?> log = new RunLogs<>(kafka, run.run(), topic, run.partitions(), type)) {
                        log.readToEnd(record -> record.headers().remove(BatchNumberDeserializer.RAW_KEY).forEach(header ->
                                names.computeIfAbsent(topic, any -> new TreeSet<>()).add(header.key())));
                    }
                });
        return names;
    }

    private void start(Service service) {
        hosts.add(ServiceHost.start(service, run.run(), service.name() + "-1", kafka, new HttpSettings("127.0.0.1", 0)));
    }

    /** Bytes that the service's thread and that of its transactions have allocated for each batch, in units of a batch's pixels. */
    private static double copies(String thread) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = 0;
        for (long id : threads.getAllThreadIds()) {
            var information = threads.getThreadInfo(id);
            if (information != null && Set.of(thread, thread + "-transactions").contains(information.getThreadName())) {
                bytes += threads.getThreadAllocatedBytes(id);
            }
        }
        return bytes / RECORD / BATCHES;
    }

    private static double sum(String names, String attribute) throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        double sum = 0;
        for (ObjectName name : server.queryNames(new ObjectName(names), null)) {
            sum += ((Number) server.getAttribute(name, attribute)).doubleValue();
        }
        return sum;
    }
}

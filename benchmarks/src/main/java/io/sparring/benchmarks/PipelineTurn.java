package io.sparring.benchmarks;

import io.sparring.cli.LocalBrokerProcess;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;

/** A whole run through a broker, each service in a process of its own as quickstart starts them, without evaluators. */
final class PipelineTurn {

    /** As quickstart's. */
    private static final List<String> JVM_OPTIONS = List.of("-Xmx1g", "-XX:+UseSerialGC");
    /** Without a step before it is looked at. */
    private static final Duration STILL_LIMIT = Duration.ofMinutes(5);

    private final RunSpecification run;
    private final Path folder;
    private final int attackers;
    private final List<String> producerOptions;

    /** @param folder for the broker's data and for logs */
    PipelineTurn(RunSpecification run, Path folder, int attackers, List<String> producerOptions) {
        this.run = run;
        this.folder = folder;
        this.attackers = attackers;
        this.producerOptions = producerOptions;
    }

    /**
     * Starts all, lets so many steps pass and looks on for a while.
     *
     * @param warmUp steps that are not looked at
     */
    PipelineFigures measure(int warmUp, Duration window) throws IOException, InterruptedException, ExecutionException {
        Path runFile = folder.resolve("run.yaml");
        Files.writeString(runFile, RunFile.toYaml(run));
        try (LocalBrokerProcess broker = LocalBrokerProcess.start(folder.resolve("broker"), 0)) {
            KafkaSettings kafka = KafkaSettings.of(broker.bootstrapServers());
            try (Admin admin = kafka.admin()) {
                new RunTopics(admin).create(run, (short) 1);
            }
            try (Services services = start(runFile, broker.bootstrapServers());
                    RunLogs<TrainingStep> log = log(kafka, RunTopic.TRAINING_STEPS, TrainingStep.class)) {
                return watch(services, broker.pid(), kafka, log, warmUp, window);
            }
        }
    }

    private Services start(Path runFile, String bootstrapServers) throws IOException {
        Services services = new Services(folder);
        start(services, "producer", "producer", runFile, bootstrapServers, producerOptions);
        start(services, "trainer", "trainer", runFile, bootstrapServers, List.of("--threads", "1"));
        for (int attacker = 1; attacker <= attackers; attacker++) {
            start(services, "attacker-" + attacker, "attacker", runFile, bootstrapServers, List.of("--threads", "1"));
        }
        return services;
    }

    private static void start(Services services, String name, String command, Path runFile, String bootstrapServers,
            List<String> further) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(command, "--instance", name, "--run", runFile.toString(),
                "--bootstrap-servers", bootstrapServers));
        arguments.addAll(further);
        services.start(name, JVM_OPTIONS, arguments);
    }

    private PipelineFigures watch(Services services, long broker, KafkaSettings kafka, RunLogs<TrainingStep> log, int warmUp,
            Duration window) throws ExecutionException, InterruptedException {
        List<TrainingStep> steps = new ArrayList<>();
        long moved = System.nanoTime();
        while (steps.size() < warmUp) {
            int before = steps.size();
            follow(services, log, steps);
            if (steps.size() > before) {
                moved = System.nanoTime();
            } else if (System.nanoTime() - moved > STILL_LIMIT.toNanos()) {
                throw new IllegalStateException("the run has made " + steps.size() + " steps and none in the last "
                        + STILL_LIMIT.toMinutes() + " minutes; logs in " + folder);
            }
        }
        long from = System.currentTimeMillis();
        Map<String, Double> spent = processorSeconds(services, broker);
        long end = System.nanoTime() + window.toNanos();
        while (System.nanoTime() < end) {
            follow(services, log, steps);
        }
        Map<String, Double> used = processorSeconds(services, broker);
        double seconds = (System.currentTimeMillis() - from) / 1e3;
        used.replaceAll((name, after) -> after - spent.get(name));
        long to = System.currentTimeMillis();
        // what ended in the window may be committed after it
        long patience = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (steps.get(steps.size() - 1).getTrainedAt().toEpochMilli() < to && System.nanoTime() < patience) {
            follow(services, log, steps);
        }
        return figures(kafka, steps.stream().filter(step -> step.getTrainedAt().toEpochMilli() >= from
                && step.getTrainedAt().toEpochMilli() < to).toList(), used, seconds);
    }

    private static void follow(Services services, RunLogs<TrainingStep> log, List<TrainingStep> steps) {
        services.requireAlive();
        log.read(record -> steps.add(record.value().value()));
    }

    private static Map<String, Double> processorSeconds(Services services, long broker) {
        Map<String, Double> seconds = services.processorSeconds();
        seconds.put("broker", Services.processorSeconds(broker));
        return seconds;
    }

    private PipelineFigures figures(KafkaSettings kafka, List<TrainingStep> steps, Map<String, Double> used, double seconds)
            throws ExecutionException, InterruptedException {
        if (steps.size() < 2) {
            throw new IllegalStateException("fewer than two steps in the time that was looked at; logs in " + folder);
        }
        // between two steps, so that it does not matter where in a step the window begins
        double span = (at(steps.get(steps.size() - 1)) - at(steps.get(0))) / 1e3;
        double rate = steps.stream().skip(1).mapToInt(TrainingStep::getImages).sum() / span;
        Map<Long, Long> produced = new HashMap<>();
        Map<Long, Long> crafted = new HashMap<>();
        try (RunLogs<ImageBatch> clean = log(kafka, RunTopic.CLEAN_BATCHES, ImageBatch.class);
                RunLogs<AdversarialBatch> adversarial = log(kafka, RunTopic.ADVERSARIAL_BATCHES, AdversarialBatch.class);
                Admin admin = kafka.admin()) {
            clean.readToEnd(record -> produced.put(record.key(), record.value().value().getCreatedAt().toEpochMilli()));
            adversarial.readToEnd(record -> crafted.put(record.key(), record.value().value().getCreatedAt().toEpochMilli()));
            int batch = run.data().batchSize();
            Map<String, Double> byProcess = new LinkedHashMap<>();
            used.forEach((name, value) -> byProcess.put(name, value / (rate * seconds)));
            return new PipelineFigures(rate, byProcess.values().stream().mapToDouble(Double::doubleValue).sum(), byProcess,
                    RunLogs.size(admin, run.run(), RunTopic.CLEAN_BATCHES) / (double) (produced.size() * batch),
                    RunLogs.size(admin, run.run(), RunTopic.ADVERSARIAL_BATCHES) / (double) (crafted.size() * batch),
                    quantiles(ages(steps, produced)), quantiles(ages(steps, crafted)),
                    quantiles(steps.stream().filter(step -> step.getStaleness() != null)
                            .map(step -> step.getStaleness().doubleValue()).toList()));
        }
    }

    private static List<Double> ages(List<TrainingStep> steps, Map<Long, Long> made) {
        return steps.stream().filter(step -> made.containsKey(step.getBatchNumber()))
                .map(step -> (double) (step.getTrainedAt().toEpochMilli() - made.get(step.getBatchNumber()))).toList();
    }

    private static long at(TrainingStep step) {
        return step.getTrainedAt().toEpochMilli();
    }

    /** The median and what few values are above. */
    static Map<String, Double> quantiles(Collection<Double> values) {
        Map<String, Double> quantiles = new LinkedHashMap<>();
        for (int percent : List.of(50, 95, 99)) {
            quantiles.put("p" + percent, Medians.quantile(values, percent / 100.0));
        }
        return quantiles;
    }

    private <T extends SpecificRecord> RunLogs<T> log(KafkaSettings kafka, RunTopic topic, Class<T> type) {
        return new RunLogs<>(kafka, run.run(), topic, run.partitions(), type);
    }
}

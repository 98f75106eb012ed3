package io.sparring.benchmarks;

import io.sparring.benchmarks.ScaleServiceCommand.Role;
import io.sparring.cli.LocalBrokerProcess;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.schemas.Attack;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/** So many simulated attackers against a broker of its own, for a while. */
final class ScaleTurn {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final List<String> JVM_OPTIONS = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=4");
    /**
     * Attackers have a process each, where a young collection finds one batch alive. In one process it finds a batch of each, and copying
     * all of them took up to a sixth of the time of 32; with so much room for each it comes seldom enough.
     */
    private static final int YOUNG_MEGABYTES = 128;
    private static final int LEAST_YOUNG_MEGABYTES = 1_024;
    private static final int OLD_MEGABYTES = 2_048;
    /** Longer than a killed member's session. */
    private static final Duration AFTER_CHANGE = Duration.ofSeconds(12);

    private final RunSpecification run;
    private final Path folder;
    private final int attackers;
    private final int craftingMillis;
    private final List<TrainingStep> steps = new ArrayList<>();
    private final List<Attack> attacks = new ArrayList<>();

    /** @param folder for the broker's data and for logs */
    ScaleTurn(RunSpecification run, Path folder, int attackers, int craftingMillis) {
        this.run = run;
        this.folder = folder;
        this.attackers = attackers;
        this.craftingMillis = craftingMillis;
    }

    /** @param changes whether one more attacker joins at the end and is killed again */
    ScaleFigures measure(Duration warmUp, Duration window, boolean changes) throws IOException, InterruptedException {
        Path runFile = folder.resolve("run.yaml");
        Files.writeString(runFile, RunFile.toYaml(run));
        try (LocalBrokerProcess broker = LocalBrokerProcess.start(folder.resolve("broker"), 0)) {
            KafkaSettings kafka = KafkaSettings.of(broker.bootstrapServers());
            try (Admin admin = kafka.admin()) {
                new RunTopics(admin).create(run, (short) 1);
            }
            try (Services services = new Services(folder);
                    RunLogs<TrainingStep> stepLog =
                            new RunLogs<>(kafka, run.run(), RunTopic.TRAINING_STEPS, 1, TrainingStep.class);
                    RunLogs<Attack> attackLog = new RunLogs<>(kafka, run.run(), RunTopic.ATTACKS, 1, Attack.class)) {
                start(services, Role.PRODUCER, 1, 1, runFile, broker.bootstrapServers());
                start(services, Role.TRAINER, 1, 1, runFile, broker.bootstrapServers());
                start(services, Role.ATTACKER, 1, attackers, runFile, broker.bootstrapServers());
                Runnable look = () -> {
                    services.requireAlive();
                    stepLog.read(record -> steps.add(record.value().value()));
                    attackLog.read(record -> attacks.add(record.value().value()));
                };
                awaitAll(look, warmUp);
                ScaleFigures figures = watch(look, services, broker.pid(), window);
                return changes ? changed(figures, look, services, runFile, broker.bootstrapServers()) : figures;
            }
        }
    }

    private void start(Services services, Role role, int first, int count, Path runFile, String bootstrapServers)
            throws IOException, InterruptedException {
        String name = ScaleServiceCommand.instance(role, first);
        int young = Math.max(LEAST_YOUNG_MEGABYTES, YOUNG_MEGABYTES * count);
        List<String> options = Stream.concat(JVM_OPTIONS.stream(),
                Stream.of("-Xmn" + young + "m", "-Xmx" + (young + OLD_MEGABYTES) + "m")).toList();
        services.start(name, options, List.of("bench", "scale-service", "--role", role.name(), "--first",
                Integer.toString(first), "--count", Integer.toString(count),
                "--crafting-millis", Integer.toString(craftingMillis),
                "--run", runFile.toString(), "--bootstrap-servers", bootstrapServers));
        services.awaitReady(name, LIMIT);
    }

    /**
     * Until every attacker has made three batches, so that the group has settled, some time has passed in which the code is
     * compiled, and the trainer has caught up with what was crafted before it was as fast as it is now.
     */
    private void awaitAll(Runnable look, Duration warmUp) {
        long warm = System.nanoTime() + warmUp.toNanos();
        long limit = warm + LIMIT.toNanos();
        int working = Math.min(attackers, run.delivery().equals("queue") ? attackers : run.partitions());
        while (System.nanoTime() < warm || madeBy(0, Long.MAX_VALUE).values().stream().filter(made -> made >= 3).count() < working
                || attacks.size() - steps.size() > attackers + 2 * run.publishing().interval()) {
            look.run();
            if (System.nanoTime() > limit) {
                throw new IllegalStateException("after " + warmUp.plus(LIMIT).toSeconds() + " s " + steps.size()
                        + " batches have been trained on and the attackers have made " + madeBy(0, Long.MAX_VALUE)
                        + "; logs in " + folder);
            }
        }
    }

    private ScaleFigures watch(Runnable look, Services services, long broker, Duration window) {
        long from = System.currentTimeMillis();
        Map<String, Double> before = processorSeconds(services, broker);
        look(look, window);
        long to = System.currentTimeMillis();
        Map<String, Double> used = processorSeconds(services, broker);
        used.replaceAll((name, after) -> after - before.get(name));
        long patience = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (steps.get(steps.size() - 1).getTrainedAt().toEpochMilli() < to && System.nanoTime() < patience) {
            look.run();
        }
        List<TrainingStep> seen = steps.stream().filter(step -> at(step) >= from && at(step) < to).toList();
        // the trainer takes them in bursts, when the one arrives that it waited for; crafting goes evenly, and no further ahead
        // than the window
        double rate = attacks.stream().filter(attack -> attack.getCreatedAt().toEpochMilli() >= from
                && attack.getCreatedAt().toEpochMilli() < to).mapToLong(Attack::getBatchNumber).distinct().count()
                / ((to - from) / 1e3);
        Map<Long, Long> crafted = new HashMap<>();
        attacks.forEach(attack -> crafted.putIfAbsent(attack.getBatchNumber(), attack.getCreatedAt().toEpochMilli()));
        double batches = rate * (to - from) / 1e3;
        Map<String, Double> perBatch = new LinkedHashMap<>();
        used.forEach((name, seconds) -> perBatch.put(name, seconds / batches));
        return new ScaleFigures(rate, PipelineTurn.quantiles(seen.stream()
                .filter(step -> crafted.containsKey(step.getBatchNumber()))
                .map(step -> (double) (at(step) - crafted.get(step.getBatchNumber()))).toList()),
                fairness(madeBy(from, to), attackers), perBatch, null, null,
                seen.stream().filter(step -> step.getOutcome() != Outcome.TRAINED).count());
    }

    private ScaleFigures changed(ScaleFigures figures, Runnable look, Services services, Path runFile, String bootstrapServers)
            throws IOException, InterruptedException {
        long joins = System.currentTimeMillis();
        start(services, Role.ATTACKER, attackers + 1, 1, runFile, bootstrapServers);
        look(look, AFTER_CHANGE);
        long killed = System.currentTimeMillis();
        services.kill(ScaleServiceCommand.instance(Role.ATTACKER, attackers + 1));
        look(look, AFTER_CHANGE);
        return new ScaleFigures(figures.trainedPerSecond(), figures.craftedMillis(), figures.fairness(),
                figures.processorSeconds(), longestPause(joins, killed), longestPause(killed, System.currentTimeMillis()),
                figures.notTrained());
    }

    private static void look(Runnable look, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            look.run();
        }
    }

    private double longestPause(long from, long to) {
        long last = from;
        long longest = 0;
        for (TrainingStep step : steps) {
            if (at(step) >= from && at(step) < to) {
                longest = Math.max(longest, at(step) - last);
                last = at(step);
            }
        }
        return longest / 1e3;
    }

    private static long at(TrainingStep step) {
        return step.getTrainedAt().toEpochMilli();
    }

    private Map<String, Integer> madeBy(long from, long to) {
        Map<String, Integer> made = new HashMap<>();
        attacks.stream().filter(attack -> attack.getCreatedAt().toEpochMilli() >= from
                && attack.getCreatedAt().toEpochMilli() < to)
                .forEach(attack -> made.merge(attack.getAttacker(), 1, Integer::sum));
        return made;
    }

    /** Jain, Chiu, Hawe: (Σ x)² / (N Σ x²). */
    static double fairness(Map<String, Integer> made, int attackers) {
        double sum = made.values().stream().mapToDouble(Integer::doubleValue).sum();
        double squares = made.values().stream().mapToDouble(value -> (double) value * value).sum();
        return sum * sum / (attackers * squares);
    }

    private static Map<String, Double> processorSeconds(Services services, long broker) {
        Map<String, Double> seconds = services.processorSeconds();
        seconds.put("broker", Services.processorSeconds(broker));
        return seconds;
    }
}

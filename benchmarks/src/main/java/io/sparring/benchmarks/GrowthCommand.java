package io.sparring.benchmarks;

import io.sparring.benchmarks.ScaleServiceCommand.Role;
import io.sparring.cli.LocalBrokerProcess;
import io.sparring.cli.Machine;
import io.sparring.cli.Versions;
import io.sparring.learning.Setting;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whether a step costs the same however many there have been. */
@Command(name = "growth", mixinStandardHelpOptions = true, description = {
        "A long run of tiny batches whose learning computes nothing: time, processor time and bytes on the disk of a step, in "
                + "each tenth of the run. Cost that grows with the work done shows in the last ones."})
final class GrowthCommand implements Callable<Integer> {

    private static final int TENTHS = 10;
    private static final List<String> JVM_OPTIONS = List.of("-Xmx1g", "-XX:+UseSerialGC");
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Spec
    private CommandSpec spec;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "100000", description = "Default: ${DEFAULT-VALUE}.")
    private int steps;

    @Option(names = "--attackers", paramLabel = "N", defaultValue = "4", description = "All in one process, at most one for each "
            + "partition; a step of a tiny batch takes as long as an attacker's transaction (default: ${DEFAULT-VALUE}).")
    private int attackers;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A key of the run with another value; may be repeated.")
    private Map<String, String> keys = new LinkedHashMap<>();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON too.")
    private Path json;

    @Override
    public Integer call() throws Exception {
        Setting.require(steps >= 1000 && steps <= 10_000_000, "--steps", steps, "1000 to 10000000");
        Map<String, String> all = new LinkedHashMap<>(Map.of("data.batchSize", "1", "data.batches", Integer.toString(steps),
                "network.width", "2", "network.hidden", "16", "staleness.atMost", "63", "publishing.interval", "10",
                "data.lead", "200", "evaluation.every", "1000"));
        all.putAll(keys);
        RunSpecification run = BenchRuns.of(StepNetwork.CNN4, all);
        Setting.require(attackers >= 1 && attackers <= run.partitions(), "--attackers", attackers,
                "1 to the run's partitions, " + run.partitions());
        List<Map<String, Object>> rows;
        Path folder = Files.createTempDirectory("sparring-bench");
        try (LocalBrokerProcess broker = LocalBrokerProcess.start(folder.resolve("broker"), 0)) {
            KafkaSettings kafka = KafkaSettings.of(broker.bootstrapServers());
            try (Admin admin = kafka.admin()) {
                new RunTopics(admin).create(run, (short) 1);
                rows = measure(run, folder, broker, kafka, admin);
            }
        }
        BenchFolder.delete(folder);
        Map<String, Object> settings = Map.of("steps", steps, "attackers", attackers, "set", keys);
        BenchReport report = new BenchReport("growth", Machine.here(), Versions.here(), settings, rows);
        report.print(table(rows), spec.commandLine().getOut());
        if (json != null) {
            report.write(json);
        }
        return 0;
    }

    private List<Map<String, Object>> measure(RunSpecification run, Path folder, LocalBrokerProcess broker, KafkaSettings kafka,
            Admin admin) throws Exception {
        Path runFile = folder.resolve("run.yaml");
        Files.writeString(runFile, RunFile.toYaml(run));
        List<Map<String, Object>> rows = new ArrayList<>();
        long[] seen = {0};
        try (Services services = new Services(folder);
                RunLogs<TrainingStep> log = new RunLogs<>(kafka, run.run(), RunTopic.TRAINING_STEPS, 1, TrainingStep.class)) {
            for (Role role : Role.values()) {
                String name = ScaleServiceCommand.instance(role, 1);
                services.start(name, JVM_OPTIONS, List.of("bench", "scale-service", "--role", role.name(),
                        "--count", Integer.toString(role == Role.ATTACKER ? attackers : 1), "--crafting-millis", "1",
                        "--run", runFile.toString(), "--bootstrap-servers", broker.bootstrapServers()));
                services.awaitReady(name, LIMIT);
            }
            long time = System.nanoTime();
            Map<String, Double> before = used(services, broker);
            while (rows.size() < TENTHS) {
                services.requireAlive();
                log.read(record -> seen[0]++);
                if (seen[0] >= (rows.size() + 1L) * steps / TENTHS) {
                    Map<String, Double> now = used(services, broker);
                    long at = System.nanoTime();
                    rows.add(row(seen[0], (at - time) / 1e9, before, now, RunLogs.size(admin, run.run(), RunTopic.CLEAN_BATCHES)
                            + RunLogs.size(admin, run.run(), RunTopic.ADVERSARIAL_BATCHES)));
                    say(rows.get(rows.size() - 1).toString());
                    time = at;
                    before = now;
                }
            }
        }
        return rows;
    }

    private Map<String, Object> row(long seen, double seconds, Map<String, Double> before, Map<String, Double> now, long bytes) {
        double of = steps / (double) TENTHS;
        Map<String, Double> processor = new LinkedHashMap<>();
        now.forEach((name, value) -> processor.put(name, 1e3 * (value - before.get(name)) / of));
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("steps", seen);
        row.put("millisPerStep", 1e3 * seconds / of);
        row.put("processorMillisPerStep", processor);
        row.put("batchBytesKept", bytes);
        return row;
    }

    private static Map<String, Double> used(Services services, LocalBrokerProcess broker) {
        Map<String, Double> seconds = services.processorSeconds();
        seconds.put("broker", Services.processorSeconds(broker.pid()));
        return seconds;
    }

    private static String table(List<Map<String, Object>> rows) {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%10s %10s  %s", "steps", "ms a step",
                "processor ms a step"));
        for (Map<String, Object> row : rows) {
            StringBuilder processor = new StringBuilder();
            ((Map<?, ?>) row.get("processorMillisPerStep")).forEach((name, value) ->
                    processor.append(String.format(Locale.ROOT, " %s %.2f", name, (Double) value)));
            table.append(String.format(Locale.ROOT, "%n%10d %10.2f %s; %,d bytes of batches kept", (Long) row.get("steps"),
                    (Double) row.get("millisPerStep"), processor, (Long) row.get("batchBytesKept")));
        }
        return table.toString();
    }

    private void say(String line) {
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }
}

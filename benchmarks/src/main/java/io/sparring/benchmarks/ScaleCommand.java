package io.sparring.benchmarks;

import io.sparring.cli.Machine;
import io.sparring.cli.Versions;
import io.sparring.learning.Setting;
import io.sparring.pipeline.RunSpecification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a run grows with its attackers, when these have accelerators of their own. */
@Command(name = "scale", mixinStandardHelpOptions = true, description = {
        "Attackers whose crafting is a timed wait (a simulated accelerator), all else real: bytes, transactions, groups, and a "
                + "trainer that checks and joins every batch but computes nothing. Throughput, fairness and pauses against their "
                + "number, and what a small model predicts from two of the turns."})
final class ScaleCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--attackers", split = ",", paramLabel = "N", defaultValue = "1,2,4,8,16,32,64",
            description = "Numbers of attackers, in rising order (default: ${DEFAULT-VALUE}).")
    private List<Integer> attackers;

    @Option(names = "--delivery", split = ",", paramLabel = "group|queue", defaultValue = "group,queue",
            description = "Consumer group, share group or both (default: ${DEFAULT-VALUE}).")
    private List<String> deliveries;

    @Option(names = "--partitions", paramLabel = "M", defaultValue = "64",
            description = "Of the batch topics (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(names = "--crafting", paramLabel = "MILLIS", defaultValue = "500",
            description = "What an attack on 128 images takes (default: ${DEFAULT-VALUE}).")
    private int craftingMillis;

    @Option(names = "--warm-up", paramLabel = "N", defaultValue = "150",
            description = "Seconds before each is looked at, and as long as the trainer lags behind (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "20",
            description = "How long each number is looked at (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--changes", description = "Then let one more attacker join, and kill it, and report the pauses.")
    private boolean changes;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A key of the run with another value; may be repeated.")
    private Map<String, String> keys = new LinkedHashMap<>();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON too.")
    private Path json;

    @Override
    public Integer call() throws Exception {
        attackers.forEach(number -> Setting.require(number >= 1 && number <= 1000, "--attackers", number, "1 to 1000"));
        deliveries.forEach(delivery -> Setting.requireKnown(List.of("group", "queue"), "--delivery", delivery));
        Setting.require(partitions >= 1 && partitions <= 1000, "--partitions", partitions, "1 to 1000");
        Setting.require(craftingMillis >= 1 && craftingMillis <= 60_000, "--crafting", craftingMillis, "1 to 60000");
        Setting.require(warmUp >= 0 && warmUp <= 3600, "--warm-up", warmUp, "0 to 3600");
        Setting.require(seconds >= 1 && seconds <= 3600, "--seconds", seconds, "1 to 3600");
        Machine machine = Machine.here();
        List<ScaleResult> results = new ArrayList<>();
        Path folder = Files.createTempDirectory("sparring-bench");
        for (String delivery : deliveries) {
            for (int number : attackers) {
                Path turn = Files.createDirectory(folder.resolve(delivery + "-" + number));
                ScaleFigures figures = new ScaleTurn(run(delivery, number), turn, number, craftingMillis)
                        .measure(Duration.ofSeconds(warmUp), Duration.ofSeconds(seconds), changes);
                results.add(new ScaleResult(delivery, number, partitions, figures));
                say(String.format(Locale.ROOT, "%s, %d attackers: %.1f images/s", delivery, number,
                        figures.trainedPerSecond() * SimulatedProgram.BATCH));
                BenchFolder.delete(turn);
            }
        }
        BenchFolder.delete(folder);
        List<Map<String, Object>> rows = results.stream().map(result ->
                result.row(results, craftingMillis / 1e3, machine.cores())).toList();
        BenchReport report = new BenchReport("scale", machine, Versions.here(), settings(), rows);
        report.print(ScaleResult.table(rows), spec.commandLine().getOut());
        if (json != null) {
            report.write(json);
        }
        return 0;
    }

    /**
     * An update about every half second however many there are, and room for all of them to craft meanwhile. The network is
     * small: what updates cost is another matter, and grows with its size alone.
     */
    private RunSpecification run(String delivery, int number) throws Exception {
        int interval = Math.max(5, number);
        int window = 2 * interval + 3 * number + 16;
        Map<String, String> all = new LinkedHashMap<>();
        all.put("data.name", "cifar10");
        all.put("network.width", "2");
        all.put("network.hidden", "16");
        all.put("delivery", delivery);
        all.put("partitions", Integer.toString(partitions));
        all.put("publishing.interval", Integer.toString(interval));
        all.put("evaluation.every", Integer.toString(100 * interval));
        all.put("staleness.atMost", Integer.toString(window));
        all.put("data.lead", Integer.toString(window + 2 * number + 32));
        all.putAll(keys);
        return BenchRuns.of(StepNetwork.CNN4, all);
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("batch", SimulatedProgram.BATCH);
        settings.put("craftingMillis", craftingMillis);
        settings.put("partitions", partitions);
        settings.put("warmUp", warmUp);
        settings.put("seconds", seconds);
        settings.put("changes", changes);
        settings.put("set", keys);
        return settings;
    }

    private void say(String line) {
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }
}

package io.sparring.benchmarks;

import io.sparring.cli.LocalBrokerProcess;
import io.sparring.cli.Machine;
import io.sparring.cli.Versions;
import io.sparring.learning.Setting;
import io.sparring.pipeline.KafkaSettings;
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

/** The local broker, and what updates cost by their size. */
@Command(name = "broker", mixinStandardHelpOptions = true, description = {
        "The local broker with records of a batch's size: how many MB/s go, and how long each takes at a rate well below that; "
                + "what an update of so many weights takes to publish and to read; how long the broker takes to start."})
final class BrokerCommand implements Callable<Integer> {

    private static final int RECORD = SimulatedProgram.BATCH * StepNetwork.GEOMETRY.imageSize();

    @Spec
    private CommandSpec spec;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "10",
            description = "How long each stream lasts (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--rate", split = ",", paramLabel = "MB/S", defaultValue = "5,45,0",
            description = "Rates of the streams, 0 for as fast as it goes (default: ${DEFAULT-VALUE}).")
    private List<Double> rates;

    @Option(names = "--weights", split = ",", paramLabel = "N", defaultValue = "100000,1000000,11000000,47000000",
            description = "Sizes of updates (default: ${DEFAULT-VALUE}).")
    private List<Integer> weights;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3",
            description = "Streams of each rate and updates of each size; the median counts (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON too.")
    private Path json;

    @Override
    public Integer call() throws Exception {
        Setting.require(seconds >= 1 && seconds <= 3600, "--seconds", seconds, "1 to 3600");
        Setting.require(rounds >= 1 && rounds <= 100, "--rounds", rounds, "1 to 100");
        weights.forEach(count -> Setting.require(count >= 1 && count <= 100_000_000, "--weights", count, "1 to 100000000"));
        rates.forEach(rate -> Setting.require(rate >= 0 && rate <= 100_000, "--rate", rate, "0 to 100000"));
        List<Map<String, Object>> rows = new ArrayList<>();
        Path folder = Files.createTempDirectory("sparring-bench");
        rows.add(started("start on an empty folder", folder));
        rows.add(started("start on a used folder", folder));
        try (LocalBrokerProcess broker = LocalBrokerProcess.start(folder, 0)) {
            BrokerTurn turn = new BrokerTurn(KafkaSettings.of(broker.bootstrapServers()), broker.pid());
            // clients and broker are compiled by then
            turn.stream(RECORD, 0, Duration.ofSeconds(Math.min(5, seconds)));
            for (double rate : rates) {
                rows.add(stream(turn, rate));
            }
            for (int count : weights) {
                BrokerTurn.Published published = turn.publish(count, rounds);
                Map<String, Object> row = row("update of " + String.format(Locale.ROOT, "%,d", count) + " weights");
                row.put("weights", count);
                row.put("publishSeconds", published.publishSeconds());
                row.put("readSeconds", published.readSeconds());
                rows.add(row);
            }
        }
        BenchFolder.delete(folder);
        BenchReport report = new BenchReport("broker", Machine.here(), Versions.here(),
                Map.of("recordBytes", RECORD, "seconds", seconds, "rounds", rounds), rows);
        report.print(table(rows), spec.commandLine().getOut());
        if (json != null) {
            report.write(json);
        }
        return 0;
    }

    private static Map<String, Object> started(String what, Path folder) throws Exception {
        long start = System.nanoTime();
        LocalBrokerProcess broker = LocalBrokerProcess.start(folder, 0);
        double seconds = (System.nanoTime() - start) / 1e9;
        broker.close();
        Map<String, Object> row = row(what);
        row.put("startSeconds", seconds);
        return row;
    }

    private Map<String, Object> stream(BrokerTurn turn, double rate) throws Exception {
        List<BrokerTurn.Stream> streams = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            streams.add(turn.stream(RECORD, rate, Duration.ofSeconds(seconds)));
        }
        Map<String, Object> row = row(rate == 0 ? "stream, as fast as it goes" : "stream of " + rate + " MB/s");
        row.put("megabytesPerSecond", Medians.median(streams.stream().map(BrokerTurn.Stream::megabytesPerSecond).toList()));
        Map<String, Object> latency = new LinkedHashMap<>();
        streams.get(0).latencyMillis().keySet().forEach(name -> latency.put(name,
                Medians.median(streams.stream().map(stream -> stream.latencyMillis().get(name)).toList())));
        row.put("latencyMillis", latency);
        row.put("brokerSecondsPerMegabyte", Medians.median(streams.stream().map(BrokerTurn.Stream::brokerSeconds).toList()));
        row.put("clientSecondsPerMegabyte", Medians.median(streams.stream().map(BrokerTurn.Stream::clientSeconds).toList()));
        return row;
    }

    private static Map<String, Object> row(String what) {
        return new LinkedHashMap<>(Map.of("what", what));
    }

    private static String table(List<Map<String, Object>> rows) {
        StringBuilder table = new StringBuilder();
        for (Map<String, Object> row : rows) {
            table.append(table.length() == 0 ? "" : System.lineSeparator())
                    .append(String.format(Locale.ROOT, "%-34s", row.get("what")));
            if (row.containsKey("startSeconds")) {
                table.append(String.format(Locale.ROOT, " ready after %.1f s", (Double) row.get("startSeconds")));
            } else if (row.containsKey("weights")) {
                table.append(String.format(Locale.ROOT, " published in %.3f s, read in %.3f s",
                        (Double) row.get("publishSeconds"), (Double) row.get("readSeconds")));
            } else {
                Map<?, ?> latency = (Map<?, ?>) row.get("latencyMillis");
                table.append(String.format(Locale.ROOT, " %.1f MB/s, ms from send to arrival p50 %.1f p95 %.1f p99 %.1f; "
                        + "processor ms a MB: broker %.2f, clients %.2f", (Double) row.get("megabytesPerSecond"),
                        (Double) latency.get("p50"), (Double) latency.get("p95"), (Double) latency.get("p99"), 1e3 * (Double) row.get("brokerSecondsPerMegabyte"),
                        1e3 * (Double) row.get("clientSecondsPerMegabyte")));
            }
        }
        return table.toString();
    }
}

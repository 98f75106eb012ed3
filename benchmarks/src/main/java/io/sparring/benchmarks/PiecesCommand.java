package io.sparring.benchmarks;

import io.sparring.cli.Machine;
import io.sparring.cli.Versions;
import io.sparring.learning.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The small pieces, by JMH. */
@Command(name = "pieces", mixinStandardHelpOptions = true,
        description = "Serdes, digest, chunks, perturbations and staging of a batch of 128 CIFAR images, by JMH.")
final class PiecesCommand implements Callable<Integer> {

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Spec
    private CommandSpec spec;

    @Option(names = "--include", paramLabel = "REGEX", defaultValue = "Pieces",
            description = "Which of them (default: all).")
    private String include;

    @Option(names = "--forks", paramLabel = "N", defaultValue = "2",
            description = "Processes of each (default: ${DEFAULT-VALUE}).")
    private int forks;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
            description = "Timed seconds in each, after 3 of warm-up (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON too.")
    private Path json;

    @Override
    public Integer call() throws Exception {
        Setting.require(forks >= 1 && forks <= 100, "--forks", forks, "1 to 100");
        Setting.require(rounds >= 1 && rounds <= 1000, "--rounds", rounds, "1 to 1000");
        ChainedOptionsBuilder options = new OptionsBuilder().include(include).forks(forks)
                .warmupIterations(3).warmupTime(TimeValue.seconds(1))
                .measurementIterations(rounds).measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class).verbosity(VerboseMode.SILENT).shouldFailOnError(true);
        Collection<RunResult> runs = new Runner(options.build()).run();
        List<Map<String, Object>> rows = new ArrayList<>();
        for (RunResult run : runs) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("piece", run.getPrimaryResult().getLabel());
            row.put("microseconds", run.getPrimaryResult().getScore());
            row.put("error", run.getPrimaryResult().getScoreError());
            row.put("allocatedBytes", run.getSecondaryResults().get(ALLOCATED).getScore());
            rows.add(row);
        }
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%-26s %12s %10s %14s", "", "microseconds", "+-",
                "allocated B"));
        rows.forEach(row -> table.append(String.format(Locale.ROOT, "%n%-26s %12.2f %10.2f %14.0f", row.get("piece"),
                (Double) row.get("microseconds"), (Double) row.get("error"), (Double) row.get("allocatedBytes"))));
        BenchReport report = new BenchReport("pieces", Machine.here(), Versions.here(),
                Map.of("forks", forks, "rounds", rounds, "include", include), rows);
        report.print(table.toString(), spec.commandLine().getOut());
        if (json != null) {
            report.write(json);
        }
        return 0;
    }
}

package io.sparring.benchmarks;

import io.sparring.cli.Machine;
import io.sparring.cli.Versions;
import io.sparring.learning.Precision;
import io.sparring.learning.Setting;
import io.sparring.pipeline.RunSpecification;
import io.sparring.producer.DataSets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the stream costs: a whole run against the same work in one process without Kafka. */
@Command(name = "pipeline", mixinStandardHelpOptions = true, description = {
        "A whole run in steady state (broker, producer, trainer and attackers, each a process) against the same work in one "
                + "process with no Kafka, in turn; its tax in percent, processor time, bytes and latency.",
        "The one process is that of `bench step`, in the faster of the arrangements."})
final class PipelineCommand implements Callable<Integer> {

    /** So many times the steps of `bench step`: about as long as a run is looked at. */
    private static final int BARE_STEPS = 3;

    @Spec
    private CommandSpec spec;

    @Option(names = "--network", paramLabel = "NAME", defaultValue = "cnn4",
            description = "cnn4, resnet18-w16 or resnet18-w64 (default: ${DEFAULT-VALUE}).")
    private String network;

    @Option(names = "--precision", paramLabel = "fp32|bf16", defaultValue = "fp32", description = "Default: ${DEFAULT-VALUE}.")
    private String precision;

    @Option(names = "--attackers", paramLabel = "N", description = "Processes that craft (default: one for each core).")
    private Integer attackers;

    @Option(names = "--arrangement", split = ",", paramLabel = "SxT[xK]",
            description = "Of the one process, several with commas (default: 1xCORES and CORESx1).")
    private List<String> arrangements;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3",
            description = "Turns of the run; the one process has one before each and one after the last (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "60",
            description = "How long a run is looked at in each turn (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--warm-up", paramLabel = "N", defaultValue = "150",
            description = "Steps of the run before that; compilers need a hundred (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A key of the run with another value; may be repeated.")
    private Map<String, String> keys = new LinkedHashMap<>();

    @Option(names = "--data", paramLabel = "DIR", description = "Where CIFAR-10's files are (default: fetched and kept).")
    private Path data;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON too.")
    private Path json;

    @Override
    public Integer call() throws Exception {
        Machine machine = Machine.here();
        StepNetwork measured = StepNetwork.of(network);
        Setting.requireKnown(List.of("fp32", "bf16"), "--precision", precision);
        Setting.require(rounds >= 1 && rounds <= 100, "--rounds", rounds, "1 to 100");
        Setting.require(seconds >= 1 && seconds <= 3600, "--seconds", seconds, "1 to 3600");
        Setting.require(warmUp >= 1 && warmUp <= 100_000, "--warm-up", warmUp, "1 to 100000");
        int crafting = attackers == null ? machine.cores() : attackers;
        Setting.require(crafting >= 1 && crafting <= 1000, "--attackers", crafting, "1 to 1000");
        Precision computed = precision.equals("fp32") ? Precision.FLOAT32 : Precision.BFLOAT16;
        Map<String, String> further = new LinkedHashMap<>(Map.of("network.precision", computed.name().toLowerCase(Locale.ROOT)));
        // what is trimmed is still on the disk for a while, and its bytes would be counted for the images that are left
        further.put("log", "keep");
        further.putAll(keys);
        RunSpecification run = BenchRuns.of(measured, further);
        // fetched before anything is timed
        new DataSets(Optional.ofNullable(data), DataSets.defaultCache()).load(run.data().name());
        Set<String> chosen = new LinkedHashSet<>(arrangements != null ? arrangements
                : List.of("1x" + machine.cores(), machine.cores() + "x1"));
        Path folder = Files.createTempDirectory("sparring-bench");
        StepMeasurement alone = new StepMeasurement(folder, null, List.of(), this::say);
        Map<String, List<StepFigures>> bare = new LinkedHashMap<>();
        List<PipelineFigures> whole = new ArrayList<>();
        for (int round = 1; ; round++) {
            for (String arrangement : chosen) {
                StepPlan plan = new StepPlan(measured, computed, Arrangement.parse(arrangement), run.data().batchSize(),
                        BARE_STEPS * measured.steps(), 2, true);
                bare.computeIfAbsent(arrangement, key -> new ArrayList<>()).addAll(
                        alone.measure(plan, 1).get(StepMeasurement.OURS));
            }
            if (round > rounds) {
                break;
            }
            Path turn = Files.createDirectory(folder.resolve("run-" + round));
            whole.add(new PipelineTurn(run, turn, crafting, data == null ? List.of() : List.of("--data", data.toString()))
                    .measure(warmUp, Duration.ofSeconds(seconds)));
            say(String.format(Locale.ROOT, "round %d, pipeline: %.1f images/s", round, whole.get(round - 1).imagesPerSecond()));
            BenchFolder.delete(turn);
        }
        BenchFolder.delete(folder);
        PipelineResult result = new PipelineResult(measured, computed, bare, whole);
        BenchReport report = new BenchReport("pipeline", machine, Versions.here(), settings(crafting), List.of(result.row()));
        report.print(result.table(), spec.commandLine().getOut());
        if (json != null) {
            report.write(json);
        }
        return 0;
    }

    private Map<String, Object> settings(int crafting) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("attackers", crafting);
        settings.put("rounds", rounds);
        settings.put("seconds", seconds);
        settings.put("warmUp", warmUp);
        settings.put("set", keys);
        return settings;
    }

    private void say(String line) {
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }
}

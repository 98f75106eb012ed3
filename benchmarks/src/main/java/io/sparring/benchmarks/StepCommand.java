package io.sparring.benchmarks;

import io.sparring.cli.Machine;
import io.sparring.cli.Versions;
import io.sparring.learning.Precision;
import io.sparring.learning.Setting;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Crafting and training on one machine with no Kafka, in turn with another program that does the same. */
@Command(name = "step", mixinStandardHelpOptions = true, description = {
        "Images a second of crafting (PGD-10), training (PGD-AT with robust perception) and both together, each turn in a "
                + "process of its own; the same of another program in turn with it (ours, theirs, ours, theirs, ...).",
        "--json FILE is a list of {network, precision, ours, theirs, ratio, ...}: images a second of the whole step, medians "
                + "of the rounds; theirs is the faster of its two layouts."})
final class StepCommand implements Callable<Integer> {

    private static final Map<String, Precision> PRECISIONS = Map.of("fp32", Precision.FLOAT32, "bf16", Precision.BFLOAT16);

    @Spec
    private CommandSpec spec;

    @Option(names = "--network", split = ",", paramLabel = "NAME",
            description = "cnn4, resnet18-w16 or resnet18-w64, several with commas (default: all).")
    private List<String> networks = StepNetwork.labels();

    @Option(names = "--precision", split = ",", paramLabel = "fp32|bf16",
            description = "Several with commas (default: fp32, and bf16 where the processor has instructions for it).")
    private List<String> precisions;

    @Option(names = "--arrangement", paramLabel = "SxT[xK]", description = "Sessions, threads of each, and batches that one "
            + "attack crafts at once. With one session, it crafts and trains in turns; with several, all craft at the same "
            + "time and the first one trains (default: for each core a session of one thread).")
    private String arrangement;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "128",
            description = "Images in a training step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3",
            description = "Turns of each, 1 to 100; the median counts (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--steps", paramLabel = "N",
            description = "Timed steps in a turn, of each session (default: 10; for resnet18-w64, 2).")
    private Integer steps;

    @Option(names = "--warm-up", paramLabel = "N", defaultValue = "2",
            description = "Steps before those, of each session (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--yardstick", paramLabel = "PYTHON",
            description = "An interpreter with what --yardstick-script needs: the program to measure against.")
    private String python;

    @Option(names = "--yardstick-script", paramLabel = "FILE", description = "Called with bench --network cnn4|resnet18 "
            + "--width W --batch B --steps N --precision fp32|bf16 --layout nchw|nhwc; prints JSON with step_images_per_s.")
    private Path script;

    @Option(names = "--jvm-option", paramLabel = "OPTION", description = "For Java in each of our turns; may be given again.")
    private List<String> jvmOptions = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON too.")
    private Path json;

    /** How a precision is called here and by the yardstick. */
    static String label(Precision precision) {
        return precision == Precision.FLOAT32 ? "fp32" : "bf16";
    }

    @Override
    public Integer call() throws Exception {
        check();
        Machine machine = Machine.here();
        Map<String, String> versions = Versions.here();
        Yardstick yardstick = python == null ? null : new Yardstick(python, script);
        if (yardstick != null) {
            versions.put("yardstickTorch", yardstick.version());
        }
        Path folder = Files.createTempDirectory("sparring-bench");
        StepMeasurement measurement = new StepMeasurement(folder, yardstick, jvmOptions, this::say);
        List<StepResult> results = new ArrayList<>();
        List<Map<String, Object>> rows = new ArrayList<>();
        for (StepPlan plan : plans(machine)) {
            StepResult result = new StepResult(plan, measurement.measure(plan, rounds));
            results.add(result);
            rows.add(result.row(published(results, plan.network())));
        }
        BenchReport report = new BenchReport("step", machine, versions, settings(), rows);
        PrintWriter out = spec.commandLine().getOut();
        report.print(StepResult.table(results), out);
        if (json != null) {
            report.write(json);
        }
        BenchFolder.delete(folder);
        return 0;
    }

    private void check() {
        networks.forEach(StepNetwork::of);
        if (precisions != null) {
            precisions.forEach(name -> Setting.requireKnown(List.of("fp32", "bf16"), "--precision", name));
        }
        Setting.require(batch >= 1 && batch <= 4096, "--batch", batch, "1 to 4096");
        Setting.require(rounds >= 1 && rounds <= 100, "--rounds", rounds, "1 to 100");
        Setting.require(steps == null || steps >= 1 && steps <= 10_000, "--steps", steps, "1 to 10000");
        Setting.require(warmUp >= 1 && warmUp <= 1000, "--warm-up", warmUp, "1 to 1000");
        Setting.require((python == null) == (script == null), "--yardstick", python,
                "both of --yardstick PYTHON and --yardstick-script FILE, or none");
        Setting.require(script == null || Files.isReadable(script), "--yardstick-script", script, "a file that can be read");
    }

    private List<StepPlan> plans(Machine machine) {
        Arrangement chosen = arrangement == null ? Arrangement.of(machine) : Arrangement.parse(arrangement);
        List<String> names = precisions;
        if (names == null) {
            names = machine.hasBfloat16() ? List.of("fp32", "bf16") : List.of("fp32");
            if (!machine.hasBfloat16()) {
                say("bf16 is left out: this processor has no instructions for it (--precision bf16 measures it all the same)");
            }
        }
        List<StepPlan> plans = new ArrayList<>();
        for (String name : networks) {
            for (String precision : names) {
                StepNetwork network = StepNetwork.of(name);
                plans.add(new StepPlan(network, PRECISIONS.get(precision), chosen, batch,
                        steps == null ? network.steps() : steps, warmUp, false));
            }
        }
        return plans;
    }

    private static double published(List<StepResult> results, StepNetwork network) {
        return results.stream().filter(result -> result.plan().network() == network
                && result.plan().precision() == Precision.FLOAT32 && result.figures().containsKey(Yardstick.LAYOUTS.get(0)))
                .mapToDouble(result -> result.step(Yardstick.LAYOUTS.get(0))).findFirst().orElse(Double.NaN);
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("batch", batch);
        settings.put("attack", "pgd-" + StepNetwork.ATTACK_STEPS);
        settings.put("rounds", rounds);
        settings.put("steps", steps == null ? "by network" : steps);
        settings.put("warmUp", warmUp);
        settings.put("arrangement", arrangement == null ? "a session of one thread for each core" : arrangement);
        settings.put("jvmOptions", jvmOptions);
        return settings;
    }

    private void say(String line) {
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }
}

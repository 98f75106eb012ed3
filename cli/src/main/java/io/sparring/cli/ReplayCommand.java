package io.sparring.cli;

import io.sparring.learning.ExecutionSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.ProgramPin;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Setting;
import io.sparring.trainer.Replay;
import io.sparring.trainer.ReplayResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains a run again from its log and compares. */
@Command(name = "replay", mixinStandardHelpOptions = true, description = {
        "Trains a run again from its log, with the recorded adversarial batches in the recorded order, and compares the weights' "
                + "SHA-256 at every publishing step with the recorded one. It only reads. Exit code 0 if all is identical, else 1.",
        "The bits depend on precision, number of threads, device, TensorFlow's version and the processor's instructions. The first "
                + "two are taken from the log, unless --threads is given; where the others are not the recorded ones, it says so."})
final class ReplayCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--run", paramLabel = "FILE",
            description = "The run file; run-defaults.yaml documents its keys (default with --folder: the quickstart's).")
    private Path runFile;

    @Option(names = "--set", paramLabel = "KEY=VALUE",
            description = "A key of the run file with another value, as the run was started with; may be repeated.")
    private Map<String, String> values = new LinkedHashMap<>();

    @Mixin
    private KafkaOptions kafka;

    @Option(names = "--folder", paramLabel = "DIR", description = "A quickstart that has ended, such as .sparring/quickstart, "
            + "instead of a Kafka cluster: its broker is started for as long as this takes.")
    private Path folder;

    @Mixin
    private ExecutionOptions execution;

    @Mixin
    private ProgramOptions program;

    @Option(names = "--until", paramLabel = "STEP", description = "End after this step (default: the last one).")
    private Long until;

    @Option(names = "--recraft", description = "Craft each batch again too, from the update that it was recorded to be crafted "
            + "against, and compare the perturbations' bytes.")
    private boolean recraft;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON too.")
    private Path json;

    @Override
    public Integer call() throws Exception {
        RunSpecification run = specification();
        ExecutionSettings settings = execution.settings();
        ProgramPin pin = program.pin();
        ReplayResult result;
        if (folder == null) {
            result = replay(run, kafka.settings(), pin, settings);
        } else {
            Path data = folder.resolve(Quickstart.BROKER);
            Setting.require(Files.isDirectory(data), "--folder", folder, "a folder that `sparring quickstart` has made");
            try (LocalBrokerProcess broker = LocalBrokerProcess.start(data.toAbsolutePath().normalize(), 0)) {
                result = replay(run, KafkaSettings.of(broker.bootstrapServers()), pin, settings);
            }
        }
        ReplayTable.lines(result).forEach(this::say);
        if (json != null) {
            ResultFile.write(json, result);
        }
        if (!result.allIdentical()) {
            spec.commandLine().getErr().println("sparring: " + (result.firstDifference() == null
                    ? "nothing was compared: the run's first publishing step is later" : result.firstDifference()));
            return 1;
        }
        return 0;
    }

    private RunSpecification specification() {
        if (folder != null) {
            for (String cluster : new String[] {"--bootstrap-servers", "--kafka-config"}) {
                if (spec.commandLine().getParseResult().hasMatchedOption(cluster)) {
                    throw new ParameterException(spec.commandLine(), "--folder has a broker of its own, so no " + cluster);
                }
            }
        } else if (runFile == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--run=FILE', or '--folder=DIR'");
        }
        if (until != null) {
            Setting.atLeast("--until", until, 1);
        }
        return RunFile.read(runFile == null ? folder.resolve(Quickstart.RUN_FILE) : runFile, System.getenv(), values);
    }

    private ReplayResult replay(RunSpecification run, KafkaSettings cluster, ProgramPin pin, ExecutionSettings settings) {
        return new Replay(run, cluster, pin, settings, !execution.threadsGiven(), until == null ? Long.MAX_VALUE : until, recraft,
                this::say, Clock.systemUTC()).run();
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}

package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.ProgramPin;
import io.sparring.pipeline.PublishedProgram;
import io.sparring.pipeline.PublishedUpdates;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.pipeline.Setting;
import io.sparring.pipeline.Update;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.trainer.RunProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Exports an update of a run, or keeps the newest good one exported. */
@Command(name = "export", mixinStandardHelpOptions = true, description = {
        "Writes an update of a run as a TensorFlow SavedModel that holds its weights (serving_default: images in [0,1], NHWC, to "
                + "logits), with weights.safetensors and model.json beside it.",
        "Without --follow, DIR is a new folder. With --follow, DIR is a symbolic link into DIR.versions that is replaced "
                + "atomically, so that who opens it always finds a whole model; the two versions before are kept."})
final class ExportCommand implements Callable<Integer> {

    private static final long WAIT_MILLIS = 250;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions run;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private ProgramOptions program;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where the model is to be.")
    private Path out;

    @Option(names = "--step", paramLabel = "N",
            description = "The update at this step, of the newest incarnation that has it (default: the newest update).")
    private Long step;

    @Option(names = "--gate", paramLabel = "EXPRESSION", description = "Only an update whose reports pass, such as "
            + "'pgd20 >= 0.5 and clean > 80 %%': clean or names of attacks, >=, >, <= or <, and shares. It becomes the run's "
            + "champion, which an older update never replaces.")
    private String gate;

    @Option(names = "--follow", description = "Keep DIR at the newest update that passes (without a gate: that is evaluated) "
            + "until the run's end, SIGTERM or Ctrl-C.")
    private boolean follow;

    @Option(names = "--json", paramLabel = "FILE", description = "Write what is exported as JSON too.")
    private Path json;

    @Override
    public Integer call() throws Exception {
        if (step != null && (gate != null || follow)) {
            throw new ParameterException(spec.commandLine(), "--step names an update; --gate and --follow choose one");
        }
        Gate parsed = gate == null ? Gate.open() : Gate.parse(gate);
        RunSpecification given = run.specification();
        ProgramPin pin = program.pin();
        ModelLink link = follow ? new ModelLink(out) : null;
        Setting.require(follow || !Files.exists(out, LinkOption.NOFOLLOW_LINKS), "--out", out,
                "a folder that is not there yet; only --follow replaces a model");
        KafkaSettings settings = kafka.settings();
        try (Admin admin = settings.admin()) {
            new RunTopics(admin).check(given);
        }
        Optional<ModelDescription> exported = follow ? follow(link, parsed, given.run(), settings, pin)
                : once(parsed, given.run(), settings, pin);
        if (exported.isEmpty()) {
            spec.commandLine().getErr().println("sparring: no update of run " + given.run() + " was exported: "
                    + (gate == null ? "none has been evaluated" : "none passes " + parsed.text())
                    + (follow ? " and is as new as the champion" : ""));
            return 1;
        }
        if (json != null) {
            write(exported.get());
        }
        return 0;
    }

    private Optional<ModelDescription> once(Gate parsed, String name, KafkaSettings settings, ProgramPin pin)
            throws IOException {
        PublishedProgram published = pin.require(
                RunRegistry.read(settings, name).orElseThrow(() -> notYet(name, "is not published")));
        Exporter exporter = Exporter.of(published, settings, Clock.systemUTC())
                .orElseThrow(() -> notYet(name, "has no images"));
        AccuracyReports reports = new AccuracyReports(published.specification());
        ReportReader.open(settings, name, reports).close();
        PublishedUpdates updates = PublishedUpdates.of(settings, name, RunProgram.exported(published.specification()));
        Optional<Update> update;
        if (gate == null) {
            update = Optional.of(step != null ? updates.atStep(step)
                    : updates.newest().orElseThrow(() -> notYet(name, "has no weights")));
        } else {
            parsed.requireReported(reports.expected());
            update = newestPassing(parsed, reports, updates);
        }
        if (update.isEmpty()) {
            return Optional.empty();
        }
        ModelDescription exported = exporter.write(out, update.get(), parsed, reports.of(update.get().identity()));
        if (gate != null && !exporter.offer(settings, exported)) {
            say("the run's champion stays: it is this update, or a newer one");
        }
        tell(exported);
        return Optional.of(exported);
    }

    private static Optional<Update> newestPassing(Gate gate, AccuracyReports reports, PublishedUpdates updates) {
        for (UpdateIdentity identity : reports.passing(gate)) {
            Optional<Update> update = updates.find(identity);
            if (update.isPresent()) {
                return update;
            }
        }
        return Optional.empty();
    }

    private Optional<ModelDescription> follow(ModelLink link, Gate parsed, String name, KafkaSettings settings,
            ProgramPin pin) throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        // SIGTERM and Ctrl-C run this hook: an export under way is finished before the process ends
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            await(done);
        }, "export-stop"));
        try {
            Optional<Exporter> exporter = awaitRun(name, settings, pin, stop);
            return exporter.isEmpty() ? Optional.empty()
                    : new ExportFollower(exporter.get(), link, parsed, settings, this::tell).follow(stop);
        } finally {
            done.countDown();
        }
    }

    /** Waits until the run is published and has images; nothing if stopped before. */
    private static Optional<Exporter> awaitRun(String name, KafkaSettings settings, ProgramPin pin, CountDownLatch stop)
            throws InterruptedException {
        Optional<Exporter> exporter = Optional.empty();
        while (exporter.isEmpty() && !stop.await(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
            exporter = RunRegistry.read(settings, name).map(pin::require)
                    .flatMap(published -> Exporter.of(published, settings, Clock.systemUTC()));
        }
        return exporter;
    }

    private static void await(CountDownLatch done) {
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static IllegalStateException notYet(String name, String what) {
        return new IllegalStateException("run " + name + " " + what + " yet; its producer and trainer see to that");
    }

    private void tell(ModelDescription exported) {
        String accuracies = exported.accuracies().entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "%s %.1f %%", entry.getKey(), 100 * entry.getValue()))
                .collect(Collectors.joining(", "));
        say("exported update " + exported.incarnation() + "/" + exported.step() + " to " + out
                + (accuracies.isEmpty() ? "" : ": " + accuracies));
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }

    private void write(ModelDescription exported) throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("export", out.toString());
        result.put("model", exported);
        ResultFile.write(json, result);
    }
}

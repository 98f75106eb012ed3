package io.sparring.cli;

import io.sparring.learning.ObjectiveSpecification;
import io.sparring.pipeline.HttpSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Setting;
import io.sparring.producer.Augmentation;
import io.sparring.producer.BatchSequence;
import io.sparring.producer.DataSet;
import io.sparring.producer.HeldOutBatches;
import io.sparring.trainer.RunProgram;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a robust classifier on this machine, through a real broker, and shows how it goes. */
@Command(name = "quickstart", mixinStandardHelpOptions = true, description = {
        "Trains a small robust classifier on Fashion-MNIST in a few minutes: starts a Kafka broker, producer, attackers, trainer "
                + "and evaluator, each in a process of its own, and ends with a table of clean and robust accuracy.",
        "Ctrl-C ends it with the table so far; the same command goes on from there."})
final class QuickstartCommand implements Callable<Integer> {

    private static final String RUN_FILE = "/runs/fashion-mnist.yaml";
    private static final int INTERRUPTED = 130;

    /** What {@code --objective} takes. */
    private static final class ObjectiveNames extends ArrayList<String> {
        ObjectiveNames() {
            super(ObjectiveSpecification.names());
        }
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOptions data;

    @Option(names = "--run", paramLabel = "FILE", description = "Another run file (default: runs/fashion-mnist.yaml).")
    private Path runFile;

    @Option(names = "--dataset", paramLabel = "NAME", description = "fashion-mnist, mnist, cifar10, cifar100 or "
            + "tiny-imagenet, with the run file for it, or image-folder with --data.")
    private String dataset;

    @Option(names = "--network", paramLabel = "NAME", description = "cnn4, resnet18, preactresnet18, wideresnet-28-10, ...")
    private String network;

    @Option(names = "--width", paramLabel = "N", description = "Channels of the network's first convolution.")
    private String width;

    @Option(names = "--objective", paramLabel = "NAME", description = "${COMPLETION-CANDIDATES}.",
            completionCandidates = ObjectiveNames.class)
    private String objective;

    @Option(names = "--steps", paramLabel = "N", description = "Batches to train on.")
    private String steps;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Any key of the run file; may be repeated.")
    private Map<String, String> values = new LinkedHashMap<>();

    @Option(names = "--folder", paramLabel = "DIR", defaultValue = ".sparring/quickstart",
            description = "Where the broker's data, the logs and the exported model are (default: ${DEFAULT-VALUE}).")
    private Path folder;

    @Option(names = "--attackers", paramLabel = "N",
            description = "Attacker processes (default: one a core, up to the partitions).")
    private Integer attackers;

    @Option(names = "--fresh", description = "Begin anew instead of going on from what is in the folder.")
    private boolean fresh;

    @Option(names = "--dashboard-port", paramLabel = "PORT", defaultValue = "0",
            description = "Port of the dashboard, on this machine alone (default: any free one).")
    private int dashboardPort;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON too.")
    private Path json;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Path at = folder.toAbsolutePath().normalize();
        RunSpecification run = specification();
        RunProgram.check(run);
        int attackerCount = attackers(run);
        Setting.between("--dashboard-port", dashboardPort, 0, 65_535);
        DataSet images = data.dataSets().load(run);
        check(run, images);
        if (fresh) {
            // what the quickstart itself has made, never the folder: somebody may have named their home
            LocalBroker.delete(at.resolve(Quickstart.BROKER));
            delete(at.resolve(Quickstart.LOGS));
            delete(at.resolve(Quickstart.EXPORT));
        }
        Files.createDirectories(at);
        out.printf(Locale.ROOT, "%s: %,d training images; %s of width %d, %s, epsilon %s, PGD-%d, %,d batches of %d%n",
                run.data().name(), images.training().count(), run.network().name(), run.network().width(),
                run.objective().name(), run.attack().epsilon(), run.attack().steps(), run.data().batches(),
                run.data().batchSize());
        boolean terminal = System.console() != null;
        Quickstart quickstart = new Quickstart(run, images, at, attackerCount, data.directory()
                .map(directory -> List.of("--data", directory.toString())).orElse(List.of()),
                new HttpSettings("127.0.0.1", dashboardPort),
                new ProgressDisplay(out, terminal, run, Clock.systemUTC()));
        CountDownLatch done = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            quickstart.stop();
            await(done);
        }, "quickstart-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            QuickstartResult result = quickstart.run();
            out.println();
            out.println(result.table());
            out.flush();
            if (json != null) {
                result.write(json);
            }
            return result.export() == null ? INTERRUPTED : 0;
        } finally {
            done.countDown();
        }
    }

    /** Refuses here what the services would refuse one after the other. */
    static void check(RunSpecification run, DataSet images) {
        RunProgram.specification(run, ExportMeasurement.geometry(images.training()));
        new HeldOutBatches(images.heldOut(), run.data().heldOutImages(), run.data().heldOutBatchSize());
        new BatchSequence(images.training(), run.seed(), run.data().batchSize(), Augmentation.of(run.data()));
    }

    private int attackers(RunSpecification run) {
        int processors = Runtime.getRuntime().availableProcessors();
        int count = attackers == null ? Math.min(processors, run.partitions()) : attackers;
        Setting.atLeast("--attackers", count, 1);
        return count;
    }

    RunSpecification specification() throws IOException {
        Map<String, String> options = new LinkedHashMap<>();
        put(options, "data.name", dataset);
        if (dataset != null && runFile == null && QuickstartCommand.class.getResource(shipped(dataset)) == null) {
            // Fashion-MNIST's run file, but for what is true of its images alone
            options.put("network.mean", "[]");
            options.put("network.deviation", "[]");
        }
        put(options, "network.name", network);
        put(options, "network.width", width);
        put(options, "objective.name", objective);
        put(options, "data.batches", steps);
        options.putAll(values);
        if (!runFileSays("log:")) {
            // so that what it has done can be replayed from batch 0
            options.putIfAbsent("log", "keep");
        }
        RunSpecification run = read(options);
        if (steps != null && run.data().batches() > 0 && run.optimizer().warmUp() >= run.data().batches()) {
            // a warm-up that the run file means for more batches
            options.putIfAbsent("optimizer.warmUp", Long.toString(run.data().batches() / 10));
            run = read(options);
        }
        return run;
    }

    private boolean runFileSays(String key) throws IOException {
        return runFile != null && Files.exists(runFile)
                && Files.readAllLines(runFile).stream().anyMatch(line -> line.startsWith(key));
    }

    private RunSpecification read(Map<String, String> options) throws IOException {
        if (runFile != null) {
            return RunFile.read(runFile, System.getenv(), options);
        }
        Path copy = Files.createTempFile("sparring-run", ".yaml");
        try (InputStream shipped = shipped()) {
            Files.copy(shipped, copy, StandardCopyOption.REPLACE_EXISTING);
            return RunFile.read(copy, System.getenv(), options);
        } finally {
            Files.delete(copy);
        }
    }

    /** The run file that comes with Sparring for the data set; Fashion-MNIST's where there is none, or none is named. */
    private InputStream shipped() {
        InputStream named = dataset == null ? null : QuickstartCommand.class.getResourceAsStream(shipped(dataset));
        return named == null ? QuickstartCommand.class.getResourceAsStream(RUN_FILE) : named;
    }

    private static String shipped(String dataset) {
        return "/runs/" + dataset + ".yaml";
    }

    private static void put(Map<String, String> options, String key, Object value) {
        if (value != null) {
            options.put(key, value.toString());
        }
    }

    /** Removes a folder and all that is in it, if it is there. */
    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    static void await(CountDownLatch done) {
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

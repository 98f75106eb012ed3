package io.sparring.cli;

import io.sparring.dashboard.Dashboard;
import io.sparring.learning.ExecutionSettings;
import io.sparring.pipeline.HttpSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.PublishedUpdates;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.pipeline.Update;
import io.sparring.producer.DataSet;
import io.sparring.schemas.Robustness;
import io.sparring.trainer.RunProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/**
 * A whole run on this machine: a broker and the services, each in a process of its own as they would run apart, watched
 * until the last update is measured, then exported.
 */
final class Quickstart {

    /** Folder of the broker's data, below the quickstart's. */
    static final String BROKER = "broker";
    /** The run file, below the quickstart's folder. */
    static final String RUN_FILE = "run.yaml";
    /** Folder of the services' logs, below the quickstart's. */
    static final String LOGS = "logs";
    /** Folder of exported models, below the quickstart's. */
    static final String EXPORT = "export";

    /**
     * The last update as a model of its own.
     *
     * @param program the run's model program
     */
    record Exported(Path folder, long step, byte[] program) {
    }

    private static final Duration LOOK = Duration.ofMillis(500);
    /** What TensorFlow holds is outside of the heap; the serial collector leaves the cores to learning. */
    private static final String[] JVM_OPTIONS = {"-Xmx1g", "-XX:+UseSerialGC"};
    /** Several processes of one thread do more on the same cores than fewer whose threads wait for each other. */
    private static final List<String> ONE_THREAD = List.of("--threads", "1");

    private final RunSpecification run;
    private final DataSet data;
    private final Path folder;
    private final int attackers;
    private final List<String> producerOptions;
    private final HttpSettings page;
    private final ProgressDisplay display;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final RunProgress progress;
    private final long startNanos = System.nanoTime();
    private boolean waitsForSuite;

    /**
     * @param attackers how many processes craft
     * @param producerOptions of the producer's command line, beyond what all services are given
     * @param page where the dashboard listens
     */
    Quickstart(RunSpecification run, DataSet data, Path folder, int attackers, List<String> producerOptions, HttpSettings page,
            ProgressDisplay display) {
        this.run = run;
        this.data = data;
        this.folder = folder;
        this.attackers = attackers;
        this.producerOptions = producerOptions;
        this.page = page;
        this.display = display;
        this.progress = new RunProgress(run);
    }

    /** Ends it early, with what there is. */
    void stop() {
        stop.countDown();
    }

    /** What the run's topics have said so far. */
    RunProgress progress() {
        return progress;
    }

    /** Trains, and measures each marked update and the exported model. */
    QuickstartResult run() throws IOException, InterruptedException {
        Optional<Exported> exported = train();
        List<MeasuredVersion> versions = new ArrayList<>(progress.versions());
        if (exported.isPresent()) {
            display.say("measuring the exported model on " + run.data().heldOutImages() + " held-out images");
            ExportMeasurement.of(exported.get().folder(), run, exported.get().program(), data.heldOut(), exported.get().step(),
                    ExecutionSettings.standard(), () -> stop.getCount() == 0)
                    .ifPresent(measured -> versions.set(versions.size() - 1, measured));
        }
        double seconds = Math.round((System.nanoTime() - startNanos) / 1e8) / 10.0;
        return new QuickstartResult(run.run(), run.data().name(), seconds, run.data().heldOutImages(), versions,
                exported.map(model -> model.folder().toString()).orElse(null));
    }

    /** Trains to the end and exports the last update; nothing if stopped before. */
    Optional<Exported> train() throws IOException, InterruptedException {
        Path runFile = folder.resolve(RUN_FILE);
        try (LocalBrokerProcess broker = LocalBrokerProcess.start(folder.resolve(BROKER), 0)) {
            // not before: while another quickstart has the broker, the file is that one's
            Files.writeString(runFile, RunFile.toYaml(run));
            KafkaSettings kafka = KafkaSettings.of(broker.bootstrapServers());
            try (Admin admin = kafka.admin()) {
                new RunTopics(admin).create(run, (short) 1);
            }
            display.say("Kafka at " + broker.bootstrapServers() + ", logs in " + folder.resolve(LOGS));
            if (stop.getCount() == 0) {
                return Optional.empty();
            }
            boolean complete;
            try (Dashboard dashboard = Dashboard.start(run, data.classNames(), kafka, page, Clock.systemUTC());
                    RunMonitor monitor = RunMonitor.start(kafka, run.run(), progress);
                    ServiceProcesses services = new ServiceProcesses(display::say)) {
                display.say("dashboard at " + dashboard.address());
                start(services, runFile, broker.bootstrapServers());
                complete = watch(services, broker);
            }
            return complete ? Optional.of(export(kafka)) : Optional.empty();
        }
    }

    private void start(ServiceProcesses services, Path runFile, String bootstrapServers) throws IOException {
        List<String> common = List.of("--run", runFile.toString(), "--bootstrap-servers", bootstrapServers);
        start(services, "producer", 1, common, producerOptions);
        start(services, "trainer", 1, common, ONE_THREAD);
        for (int attacker = 1; attacker <= attackers; attacker++) {
            start(services, "attacker", attacker, common, ONE_THREAD);
        }
        start(services, "evaluator", 1, common, ONE_THREAD);
    }

    private void start(ServiceProcesses services, String service, int number, List<String> common, List<String> particular)
            throws IOException {
        String instance = service + "-" + number;
        List<String> arguments = new ArrayList<>(List.of(service, "--instance", instance));
        arguments.addAll(common);
        arguments.addAll(particular);
        services.start(instance, folder.resolve(LOGS), arguments, JVM_OPTIONS);
    }

    /** Watches until every batch has its outcome and the last update its reports, of the suite too; false if stopped before. */
    private boolean watch(ServiceProcesses services, LocalBrokerProcess broker) throws IOException, InterruptedException {
        while (!stop.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            if (!broker.isAlive()) {
                throw new IllegalStateException("the broker has died; its log: " + broker.log());
            }
            services.tend();
            if (services.ended()) {
                display.say("the run is stopped; `sparring resume` lets it go on");
                return false;
            }
            display.show(progress);
            if (run.endsBefore(progress.batches()) && progress.newestIsMeasured()) {
                Optional<Map<String, Robustness>> suite = progress.suiteOnNewest();
                if (suite.isEmpty() || !suite.get().isEmpty()) {
                    suite.ifPresent(this::say);
                    return true;
                }
                if (!waitsForSuite) {
                    waitsForSuite = true;
                    display.say("all batches are trained; the evaluator runs " + run.evaluation().suite() + " on the last version");
                }
            }
        }
        return false;
    }

    private void say(Map<String, Robustness> suite) {
        Robustness found = suite.get("autoattack");
        display.say(String.format(Locale.ROOT, "step %d under AutoAttack: %.1f %% (95 %%: %.1f to %.1f) of %d images; with clean, mean "
                + "%.1f %%, NRR %.1f %%", found.getStep(), 100 * found.getAccuracy(), 100 * found.getLower(), 100 * found.getUpper(),
                found.getImages(), 100 * suite.get("mean").getAccuracy(), 100 * suite.get("nrr").getAccuracy()));
    }

    private Exported export(KafkaSettings kafka) throws IOException {
        Update update = PublishedUpdates.of(kafka, run.run(), RunProgram.exported(run)).newest()
                .orElseThrow(() -> new IllegalStateException("no weights on the run's topic of updates"));
        Path target = folder.resolve(EXPORT).resolve(run.run() + "-" + update.identity().incarnation() + "-"
                + update.identity().step());
        byte[] program = RunRegistry.read(kafka, run.run())
                .orElseThrow(() -> new IllegalStateException("no model program on the run's topic of runs")).program();
        if (!Files.exists(target)) {
            new Exporter(run, program, ExportMeasurement.geometry(data.training()), Clock.systemUTC())
                    .write(target, update, Gate.open(), progress.accuracies(update.identity()));
        }
        return new Exported(target, update.identity().step(), program);
    }
}

package io.sparring.mlflow;

import io.sparring.cli.KafkaOptions;
import io.sparring.cli.NamedRun;
import io.sparring.cli.RecordTail;
import io.sparring.cli.RunCurves;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.PublishedProgram;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunTopics;
import io.sparring.pipeline.Setting;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Logs what a run measures to MLflow. */
@Command(name = "mlflow", mixinStandardHelpOptions = true, description = "Logs a run to an MLflow tracking server: its run file "
        + "as parameters, losses, attacks and accuracies as metrics by step, and once it has ended its model as tags. It goes on as "
        + "they come, until Ctrl-C; begun again it goes on behind what it has logged. MLFLOW_TRACKING_TOKEN, or "
        + "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, in the environment let it in.")
final class MlflowCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(MlflowCommand.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    @Spec
    private CommandSpec spec;

    @Mixin
    private NamedRun run;

    @Mixin
    private KafkaOptions kafka;

    @Option(names = "--tracking-uri", paramLabel = "URI", defaultValue = "${env:MLFLOW_TRACKING_URI}",
            description = "The tracking server, such as http://mlflow:5000.")
    private String trackingUri;

    @Option(names = "--experiment", paramLabel = "NAME", defaultValue = "${env:MLFLOW_EXPERIMENT_NAME:-sparring}",
            description = "The experiment there, which is made if there is none (default: ${DEFAULT-VALUE}).")
    private String experiment;

    @Option(names = "--no-follow", description = "End with what there is now.")
    private boolean once;

    @Override
    public Integer call() throws IOException {
        Setting.require(trackingUri != null && !trackingUri.isBlank(), "--tracking-uri", "",
                "a tracking server's address, here or in MLFLOW_TRACKING_URI");
        Setting.require(!experiment.isBlank(), "--experiment", experiment, "a name");
        MlflowServer server = new MlflowServer(trackingUri, System.getenv());
        KafkaSettings settings = kafka.settings();
        String name = run.on(settings);
        PublishedProgram published = RunRegistry.read(settings, name).orElseThrow(() ->
                new IllegalStateException("run " + name + " is not published yet; its trainer sees to that"));
        MlflowLog log = new MlflowLog(server, experiment(server), identity(settings, name), published);
        try (RecordTail tail = RecordTail.fromBeginning(settings, RunCurves.topics(name))) {
            say("logging run " + name + " to experiment " + experiment + " at " + trackingUri);
            boolean more = true;
            while (more && !Thread.currentThread().isInterrupted()) {
                List<ConsumerRecord<byte[], byte[]>> records = tail.next();
                // asked before they are logged, so that none comes in between
                more = !(once && tail.isBehindItsEnd());
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    insist(() -> log.add(record));
                }
                insist(log::flush);
            }
        }
        if (once) {
            say("logged to " + log.runs().size() + " MLflow runs: " + String.join(", ", log.runs()));
        }
        return 0;
    }

    private String experiment(MlflowServer server) {
        try {
            return server.experiment(experiment);
        } catch (IOException e) {
            throw new IllegalStateException("MLflow at " + trackingUri + " does not answer: " + e + "; see --tracking-uri", e);
        }
    }

    private static String identity(KafkaSettings settings, String name) {
        try (Admin admin = settings.admin()) {
            return new RunTopics(admin).identity(name);
        }
    }

    /** What asks the server. */
    private interface Request {

        void send() throws IOException;
    }

    /** Again and again until the server takes it, or this is interrupted. */
    private static void insist(Request request) {
        boolean done = false;
        while (!done && !Thread.currentThread().isInterrupted()) {
            try {
                request.send();
                done = true;
            } catch (IOException e) {
                LOG.warn("MLflow does not answer, trying again: {}", e.toString());
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}

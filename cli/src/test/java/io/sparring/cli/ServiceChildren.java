package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine;

/**
 * A run whose services are processes of their own, for tests that kill and stop them: a network as small as can be on
 * Fashion-MNIST, so that most of what happens is the pipeline's work.
 */
final class ServiceChildren implements AutoCloseable {

    /** Generous: a Java virtual machine with TensorFlow takes its time where others want the cores too. */
    static final Duration LIMIT = Duration.ofMinutes(3);

    private static final Map<String, String> SMALL = Map.ofEntries(Map.entry("data.name", "fashion-mnist"),
            Map.entry("data.batchSize", "16"), Map.entry("data.heldOutImages", "100"),
            Map.entry("data.heldOutBatchSize", "50"), Map.entry("network.width", "2"), Map.entry("network.hidden", "8"),
            Map.entry("attack.steps", "1"), Map.entry("evaluation.steps", "2"), Map.entry("optimizer.learningRate", "0.01"),
            // so that a test may look at all that was published
            Map.entry("log", "keep"),
            // however long the machine takes: the trainer is to wait for its attackers
            Map.entry("staleness.craftAfterSeconds", "600"));

    private final RunSpecification run;
    private final String bootstrapServers;
    private final Path folder;
    private final RunProgress progress;
    private final RunMonitor monitor;
    private final List<ChildProcess> children = new ArrayList<>();

    private ServiceChildren(RunSpecification run, String bootstrapServers, Path folder) {
        this.run = run;
        this.bootstrapServers = bootstrapServers;
        this.folder = folder;
        this.progress = new RunProgress(run);
        this.monitor = RunMonitor.start(KafkaSettings.of(bootstrapServers), run.run(), progress);
    }

    /** Makes the run's topics; no process is started yet. */
    static ServiceChildren of(String name, Map<String, String> values, String bootstrapServers, Path folder) throws IOException {
        return of(name, values, bootstrapServers, folder, (short) 1);
    }

    /** @param replication copies of each partition */
    static ServiceChildren of(String name, Map<String, String> values, String bootstrapServers, Path folder, short replication)
            throws IOException {
        Map<String, String> all = new TreeMap<>(SMALL);
        all.putAll(values);
        all.put("run", name);
        RunSpecification run = RunFile.read(null, Map.of(), all);
        Files.writeString(folder.resolve("run.yaml"), RunFile.toYaml(run));
        try (Admin admin = KafkaSettings.of(bootstrapServers).admin()) {
            new RunTopics(admin).create(run, replication);
        }
        return new ServiceChildren(run, bootstrapServers, folder);
    }

    /** Starts a process; its log is named after the instance, as is that of every process of that name before it. */
    ChildProcess start(String service, String instance, String... options) throws IOException {
        return start(service, instance, Map.of(), options);
    }

    /** Starts one that has more in its environment. */
    ChildProcess start(String service, String instance, Map<String, String> environment, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(service, "--instance", instance));
        arguments.addAll(arguments());
        arguments.addAll(List.of(options));
        ChildCommand command = ChildCommand.sparring(instance, log(instance), arguments.toArray(String[]::new))
                .withEnvironment("SPARRING_THREADS", "1").withJvmOptions(
                "-Djava.io.tmpdir=" + folder, "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            command = command.withEnvironment(variable.getKey(), variable.getValue());
        }
        ChildProcess child = ChildProcess.start(command);
        children.add(child);
        return child;
    }

    /** What tells a command which run on which cluster is meant. */
    List<String> arguments() {
        return List.of("--run", folder.resolve("run.yaml").toString(), "--bootstrap-servers", bootstrapServers);
    }

    RunSpecification run() {
        return run;
    }

    RunProgress progress() {
        return progress;
    }

    RunLog topics() {
        return new RunLog(bootstrapServers, run.run());
    }

    /** Waits until so many batches have their outcome. */
    void awaitBatches(long batches) {
        await().atMost(LIMIT).until(() -> progress.batches() >= batches);
    }

    /** Starts one process of each service, each under the service's name. */
    List<ChildProcess> startAll() throws IOException {
        for (String service : List.of("producer", "trainer", "attacker", "evaluator")) {
            start(service, service);
        }
        return List.copyOf(children);
    }

    /** Runs a command about the run, such as {@code change}; what it prints, errors included. */
    String run(int exitCode, String command, String... options) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(arguments());
        words.addAll(List.of(options));
        StringWriter printed = new StringWriter();
        CommandLine line = Sparring.commandLine().setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed));
        assertThat(line.execute(words.toArray(String[]::new))).as("%s", printed).isEqualTo(exitCode);
        return printed.toString();
    }

    /** The promises that the run, which has ended, has broken. */
    List<String> broken() {
        return new RunAudit(run, KafkaSettings.of(bootstrapServers)).broken();
    }

    /** Waits until the instance has logged this. */
    void awaitLogged(String instance, String text) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(log(instance)).content().contains(text));
    }

    Path log(String instance) {
        return folder.resolve(instance + ".log");
    }

    @Override
    public void close() {
        children.forEach(ChildProcess::kill);
        monitor.close();
    }
}

package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparring.learning.ExportedModel;
import io.sparring.learning.SafeTensors;
import io.sparring.pipeline.EvaluationSettings;
import io.sparring.pipeline.KafkaSettings;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart as a user starts it: a process that starts the others. Fashion-MNIST is fetched if it is not there. */
class QuickstartIT {

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int SIGINT = 128 + 2;
    private static final int STEPS = 30;

    @TempDir
    Path folder;

    private final List<ProcessHandle> started = new ArrayList<>();

    @AfterEach
    void leaveNothingBehind() {
        started.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void trainsMeasuresAndExportsAndGoesOnFromThere() throws Exception {
        Process first = quickstart(STEPS, 10);
        assertThat(exitCode(first)).as(output()).isZero();
        JsonNode result = result();
        assertThat(result.fieldNames()).toIterable()
                .containsExactly("run", "dataset", "seconds", "heldOutImages", "versions", "export");
        assertThat(result.get("run").textValue()).isEqualTo("fashion");
        assertThat(result.get("dataset").textValue()).isEqualTo("fashion-mnist");
        assertThat(result.get("heldOutImages").intValue()).isEqualTo(100);
        assertThat(result.get("versions")).isNotEmpty().allSatisfy(version -> {
            assertThat(version.fieldNames()).toIterable().containsExactly("step", "clean", "pgd20");
            assertThat(version.get("clean").doubleValue()).isBetween(0.0, 1.0);
            assertThat(version.get("pgd20").doubleValue()).isBetween(0.0, 1.0);
        });
        assertThat(result.get("versions").get(result.get("versions").size() - 1).get("step").longValue()).isEqualTo(STEPS);
        Path export = Path.of(result.get("export").textValue());
        assertThat(export).startsWith(folder).isDirectoryContaining("glob:**/saved_model.pb");
        assertThat(SafeTensors.decode(Files.readAllBytes(export.resolve(ExportedModel.WEIGHTS))).allFinite()).isTrue();
        assertThat(output()).contains("exported to " + export);

        Process second = quickstart(STEPS, 10);
        assertThat(exitCode(second)).as(output()).isZero();
        assertThat(result().get("versions")).isEqualTo(result.get("versions"));
        assertThat(result().get("export")).isEqualTo(result.get("export"));
    }

    @Test
    void endsAtCtrlCWithTheTableSoFarAndLeavesNoProcessBehind() throws Exception {
        Process process = quickstart(100_000, 5);
        RunProgress progress = new RunProgress(new EvaluationSettings(0.1f, 0.0125f, 20, 5), 0);
        RunMonitor monitor = RunMonitor.start(KafkaSettings.of(broker()), "fashion", progress);
        try {
            await().atMost(LIMIT).until(() -> !progress.versions().isEmpty() && progress.batches() > 0);
        } finally {
            monitor.close();
        }
        HttpResponse<String> page = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(said("dashboard at (\\S+)")))
                .build(), HttpResponse.BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<title>Sparring</title>");
        List<ProcessHandle> children = process.descendants().toList();
        started.addAll(children);
        assertThat(children).as("broker, producer, attacker, trainer, evaluator").hasSizeGreaterThanOrEqualTo(5);

        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor()).isZero();

        assertThat(exitCode(process)).as(output()).isEqualTo(SIGINT);
        assertThat(children).noneMatch(QuickstartIT::isRunning);
        assertThat(output()).contains("step     clean    PGD-20", "ended before its last batch");
        assertThat(result().get("versions")).isNotEmpty();
        assertThat(result().get("export").isNull()).isTrue();
    }

    private Process quickstart(int steps, int evaluateEvery) throws IOException {
        List<String> words = new ArrayList<>();
        if (System.getProperty("os.name").equals("Linux")) {
            // a JVM that finds Ctrl-C ignored leaves it so, and it is in all that a script has put into the background
            words.addAll(List.of("env", "--default-signal=INT"));
        }
        words.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g", "-XX:+UseSerialGC",
                Sparring.class.getName(), "quickstart", "--folder", folder.toString(), "--json", json().toString(),
                "--steps", Integer.toString(steps), "--width", "2", "--attackers", "1"));
        for (String value : List.of("network.hidden=8", "data.batchSize=16", "data.heldOutImages=100",
                "data.heldOutBatchSize=50", "attack.steps=1", "evaluation.every=" + evaluateEvery)) {
            words.addAll(List.of("--set", value));
        }
        File output = folder.resolve("output.txt").toFile();
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().put("OPT_OUT_TRACKING", "true");
        builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "2");
        // for the services too: so short a run is over before the second compiler has paid
        builder.environment().put("JAVA_TOOL_OPTIONS",
                "-XX:TieredStopAtLevel=1 -Djava.io.tmpdir=" + folder);
        Process process = builder.start();
        started.add(process.toHandle());
        return process;
    }

    private String broker() {
        return said("Kafka at (\\S+),");
    }

    /** What the quickstart says, once it does: the pattern's group. */
    private String said(String pattern) {
        Pattern line = Pattern.compile(pattern);
        Matcher[] found = new Matcher[1];
        await().atMost(LIMIT).until(() -> {
            found[0] = line.matcher(output());
            return found[0].find();
        });
        return found[0].group(1);
    }

    private int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    /** Whether it is more than an entry that nobody has waited for. */
    private static boolean isRunning(ProcessHandle handle) {
        return handle.isAlive() && handle.info().command().isPresent();
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output.txt"));
    }

    private JsonNode result() throws IOException {
        return new ObjectMapper().readTree(json().toFile());
    }

    private Path json() {
        return folder.resolve("result.json");
    }
}

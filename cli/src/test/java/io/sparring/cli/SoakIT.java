package io.sparring.cli;

import static org.awaitility.Awaitility.await;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A long run of tiny batches, a process for each service: {@code mvn verify -Dsoak -pl cli -am -Dit.test=SoakIT}. What each holds
 * after a tenth of the batches is about what it holds at the end. Its heap is small and all there from the beginning, so what
 * grows is what lives outside of it; what leaked inside would end the process.
 */
@Tag("soak")
@EnabledOnOs(OS.LINUX)
class SoakIT {

    private static final long BATCHES = Long.getLong("soak.batches", 100_000);
    /** For a hundredth of the batches, on a machine that others work on too. */
    private static final Duration STANDSTILL = Duration.ofMinutes(10);
    private static final String[] STEADY = {"-Xms192m", "-Xmx192m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError", "-Djdk.nio.maxCachedBufferSize=1048576"};
    /** Pools that grow on demand to a bound. */
    private static final int FEW_THREADS = 4;
    /** The broker's segments come and go; a leak of one for a hundred batches would be a thousand. */
    private static final int FEW_FILES = 40;

    private final Map<String, ChildProcess> processes = new LinkedHashMap<>();
    private final Map<String, ProcessFootprint> early = new LinkedHashMap<>();
    private final Map<String, ProcessFootprint> late = new LinkedHashMap<>();

    private final long begun = System.currentTimeMillis();
    /** By all processes up to the line before. */
    private Duration usedBefore = Duration.ZERO;

    /** With the logs, which tell of a run that stood still. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void nothingGrows() throws Exception {
        RunSpecification run = RunFile.read(null, Map.of(), Map.ofEntries(Map.entry("run", "soak"),
                Map.entry("data.batches", Long.toString(BATCHES)), Map.entry("data.batchSize", "2"),
                Map.entry("data.heldOutImages", "20"), Map.entry("data.heldOutBatchSize", "10"), Map.entry("data.lead", "200"),
                Map.entry("network.width", "1"), Map.entry("network.hidden", "4"), Map.entry("attack.steps", "1"),
                Map.entry("evaluation.steps", "1"), Map.entry("evaluation.every", "1000"),
                Map.entry("publishing.interval", "20"), Map.entry("staleness.atMost", "80"),
                Map.entry("optimizer.learningRate", "0.001"), Map.entry("staleness.craftAfterSeconds", "300")));
        Path file = Files.writeString(folder.resolve("run.yaml"), RunFile.toYaml(run));
        try {
            String bootstrapServers = start("broker", "broker", "--folder", folder.resolve("broker").toString())
                    .awaitReady(Duration.ofMinutes(2));
            try (Admin admin = KafkaSettings.of(bootstrapServers).admin()) {
                new RunTopics(admin).create(run, (short) 1);
            }
            for (String instance : List.of("producer", "attacker-1", "attacker-2", "trainer", "evaluator")) {
                start(instance, instance.replaceAll("-.*", ""), "--instance", instance, "--run", file.toString(),
                        "--bootstrap-servers", bootstrapServers);
            }
            RunProgress progress = new RunProgress(run);
            try (RunMonitor monitor = RunMonitor.start(KafkaSettings.of(bootstrapServers), run.run(), progress)) {
                for (int percent = 1; percent <= 100; percent++) {
                    awaitBatches(progress, BATCHES * percent / 100);
                    measure(percent);
                }
            }
        } finally {
            processes.values().forEach(ChildProcess::kill);
        }
        assertSteady();
    }

    private ChildProcess start(String instance, String... arguments) throws IOException {
        ChildProcess process = ChildProcess.start(ChildCommand.sparring(instance, folder.resolve(instance + ".log"), arguments)
                .withEnvironment("SPARRING_THREADS", "1").withJvmOptions(STEADY)
                .withJvmOptions("-Djava.io.tmpdir=" + folder));
        processes.put(instance, process);
        return process;
    }

    private void awaitBatches(RunProgress progress, long batches) {
        await().atMost(STANDSTILL).failFast(this::requireAlive).until(() -> progress.batches() >= batches);
    }

    private void requireAlive() {
        for (ChildProcess process : processes.values()) {
            if (!process.isAlive()) {
                throw process.failure("has ended");
            }
        }
    }

    /** Up to a tenth everything may grow: code is compiled, buffers and pools find their size. */
    private void measure(int percent) throws IOException {
        List<String> line = new ArrayList<>();
        for (Map.Entry<String, ChildProcess> process : processes.entrySet()) {
            ProcessFootprint now = ProcessFootprint.of(process.getValue().pid());
            (percent <= 10 ? early : late).merge(process.getKey(), now, ProcessFootprint::atLeast);
            line.add(String.format(Locale.ROOT, "%s %d MiB %d threads %d files", process.getKey(), now.resident() / 1024,
                    now.threads(), now.files()));
        }
        Duration used = processes.values().stream().map(SoakIT::used).reduce(Duration.ZERO, Duration::plus);
        System.out.printf(Locale.ROOT, "%3d %% after %s: %.2f ms of processors a batch, %s%n", percent,
                Duration.ofMillis(System.currentTimeMillis() - begun), (used.minus(usedBefore).toNanos()) / 1e6 / (BATCHES / 100.0),
                String.join(", ", line));
        usedBefore = used;
    }

    private static Duration used(ChildProcess process) {
        return ProcessHandle.of(process.pid()).flatMap(handle -> handle.info().totalCpuDuration()).orElse(Duration.ZERO);
    }

    private void assertSteady() {
        SoftAssertions steady = new SoftAssertions();
        early.forEach((instance, before) -> {
            ProcessFootprint after = late.get(instance);
            steady.assertThat(after.resident()).as("KiB resident of %s", instance).isLessThan(before.resident() * 11 / 10);
            steady.assertThat(after.threads()).as("threads of %s", instance).isLessThanOrEqualTo(before.threads() + FEW_THREADS);
            steady.assertThat(after.files()).as("open files of %s", instance).isLessThanOrEqualTo(before.files() + FEW_FILES);
        });
        steady.assertAll();
    }
}

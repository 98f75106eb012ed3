package io.sparring.cli;

import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which processes a run under {@link Chaos} has, and how they are started.
 *
 * @param attackers how many of them
 * @param standby whether a second trainer stands by
 * @param producerOptions of the producer's command line, beyond what all services are given
 */
record ChaosServices(int attackers, boolean standby, List<String> producerOptions) {

    /** Code that runs for seconds only is not worth the second compiler's time; TensorFlow is compiled already. */
    private static final String[] JVM_OPTIONS = {"-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"};
    private static final List<String> ONE_THREAD = List.of("--threads", "1");

    /** The names of the processes that have this role. */
    List<String> names(ChaosRole role) {
        int count = role == ChaosRole.ATTACKER ? attackers : role == ChaosRole.TRAINER && standby ? 2 : 1;
        return IntStream.rangeClosed(1, count).mapToObj(number -> role.service() + "-" + number).toList();
    }

    /** Starts them all, but for the broker. */
    void start(ServiceProcesses services, RunSpecification run, String bootstrapServers, Path logs) throws IOException {
        Files.createDirectories(logs);
        Path file = logs.resolve("run.yaml");
        Files.writeString(file, RunFile.toYaml(run));
        for (ChaosRole role : List.of(ChaosRole.PRODUCER, ChaosRole.TRAINER, ChaosRole.ATTACKER, ChaosRole.EVALUATOR)) {
            for (String name : names(role)) {
                List<String> arguments = new ArrayList<>(List.of(role.service(), "--instance", name, "--run", file.toString(),
                        "--bootstrap-servers", bootstrapServers));
                arguments.addAll(role == ChaosRole.PRODUCER ? producerOptions : ONE_THREAD);
                services.start(name, logs, arguments, JVM_OPTIONS);
            }
        }
    }
}

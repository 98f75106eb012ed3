package io.sparring.cli;

import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which run a command is about. */
final class RunOptions {

    @Option(names = "--run", paramLabel = "FILE", required = true,
            description = "The run file; run-defaults.yaml documents its keys.")
    private Path file;

    @Option(names = "--set", paramLabel = "KEY=VALUE",
            description = "A key of the run file with another value, such as network.width=32; may be repeated. "
                    + "SPARRING_RUN_NETWORK_WIDTH=32 in the environment does the same.")
    private Map<String, String> values = new LinkedHashMap<>();

    RunSpecification specification() {
        return specification(Map.of());
    }

    /** @param further keys with values that come before all others */
    RunSpecification specification(Map<String, String> further) {
        Map<String, String> all = new LinkedHashMap<>(values);
        all.putAll(further);
        return RunFile.read(file, System.getenv(), all);
    }
}

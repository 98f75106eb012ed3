package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunTopics;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which of a cluster's runs is looked at: that of a run file, or one by its name; the only one there is needs neither. */
public final class NamedRun {

    @ArgGroup
    private Named named = new Named();

    /** One of the two. */
    static final class Named {

        @Option(names = "--run", paramLabel = "FILE", description = "The run file of the run that is meant; not with --name.")
        private Path file;

        @Option(names = "--name", paramLabel = "RUN",
                description = "The run by its name, as `runs` lists it; not with --run (default: the only run on the cluster).")
        private String name;
    }

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "With --run: a key of the run file with another value.")
    private Map<String, String> values = Map.of();

    /** @throws IllegalArgumentException if no run is meant or it has no topics on this cluster, naming those that have */
    public String on(KafkaSettings kafka) {
        try (Admin admin = kafka.admin()) {
            RunTopics topics = new RunTopics(admin);
            String wanted = named.file == null ? named.name
                    : RunFile.read(named.file, System.getenv(), values).run();
            if (wanted != null && topics.exist(wanted)) {
                return wanted;
            }
            SortedSet<String> runs = topics.runs();
            if (wanted == null && runs.size() == 1) {
                return runs.first();
            }
            throw new IllegalArgumentException((wanted == null ? "--name: which run is meant?" : "run " + wanted
                    + " has no topics on " + kafka + ";") + " there " + (runs.isEmpty() ? "is none" : "are: "
                            + String.join(", ", runs)) + "; `sparring topics create` makes a run's topics");
        }
    }
}

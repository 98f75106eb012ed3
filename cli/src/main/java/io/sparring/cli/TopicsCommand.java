package io.sparring.cli;

import io.sparring.learning.Geometry;
import io.sparring.learning.ProgramSize;
import io.sparring.learning.ProgramSpecification;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.pipeline.Setting;
import io.sparring.producer.DataSets;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.ServiceStatus;
import io.sparring.trainer.RunProgram;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The topics of a run. */
@Command(name = "topics", mixinStandardHelpOptions = true, description = "Makes, lists, describes and removes the topics of runs.")
final class TopicsCommand {

    @Spec
    private CommandSpec spec;

    @Command(name = "create", mixinStandardHelpOptions = true,
            description = "Creates those topics of the run that are not there, which services never do, and says about how much "
                    + "disk and memory the run takes.")
    int create(@Mixin RunOptions run, @Mixin KafkaOptions kafka,
            @Option(names = "--replication", paramLabel = "N", defaultValue = "-1",
                    description = "Copies of each partition (default: as the cluster is configured).") short replication,
            @Option(names = "--json", paramLabel = "FILE", description = "Write the estimate as JSON too.") Path json)
            throws IOException {
        RunSpecification specification = run.specification();
        RunProgram.check(specification);
        try (Admin admin = kafka.settings().admin()) {
            new RunTopics(admin).create(specification, replication);
        }
        Optional<RunEstimate> estimate = estimate(specification);
        print(estimate.map(EstimateTable::lines).orElseGet(() -> withoutEstimate(specification)));
        if (json != null) {
            ResultFile.write(json, estimate.isPresent() ? estimate.get() : Map.of("run", specification.run()));
        }
        return 0;
    }

    private static Optional<RunEstimate> estimate(RunSpecification run) {
        return DataSets.geometry(run.data().name()).map(images -> {
            ProgramSpecification program = RunProgram.specification(run,
                    new Geometry(images.height(), images.width(), images.channels(), images.classes()));
            return RunEstimate.of(run, images, program.objective().views(), ProgramSize.of(program));
        });
    }

    private static List<String> withoutEstimate(RunSpecification run) {
        List<String> lines = new ArrayList<>(RunTopic.all(run.run()));
        lines.add("no estimate of disk and memory: the images of " + run.data().name() + " are known once they are read");
        return lines;
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the topics of the runs on the cluster, or of one.")
    int list(@Mixin KafkaOptions kafka, @Mixin Answer answer,
            @Option(names = "--name", paramLabel = "RUN", description = "Only the topics of this run.") String name) {
        try (Admin admin = kafka.settings().admin()) {
            RunTopics topics = new RunTopics(admin);
            Collection<String> runs = name == null ? topics.runs() : List.of(name);
            List<TopicFigures> figures = runs.stream().flatMap(run -> TopicFigures.of(admin, topics.names(run)).stream()).toList();
            if (name != null && figures.isEmpty()) {
                throw new IllegalArgumentException("run " + name + " has no topics on this cluster; those that have: "
                        + String.join(", ", topics.runs()));
            }
            answer.print(Map.of("topics", figures), TopicFigures.lines(figures));
        }
        return 0;
    }

    @Command(name = "describe", mixinStandardHelpOptions = true,
            description = "Describes a run's topics partition by partition, and how they are configured.")
    int describe(@Mixin NamedRun run, @Mixin KafkaOptions kafka, @Mixin Answer answer,
            @Option(names = "--topic", paramLabel = "TOPIC", description = "Only this one, such as clean-batches.") String topic) {
        KafkaSettings settings = kafka.settings();
        String name = run.on(settings);
        try (Admin admin = settings.admin()) {
            List<String> names = new RunTopics(admin).names(name);
            String wanted = topic == null || topic.startsWith(name + ".") ? topic : name + "." + topic;
            Setting.require(wanted == null || names.contains(wanted), "--topic", topic, String.join(", ", names));
            List<TopicFigures> figures = TopicFigures.of(admin, wanted == null ? names : List.of(wanted));
            answer.print(Map.of("run", name, "topics", figures), TopicFigures.described(figures));
        }
        return 0;
    }

    @Command(name = "delete", mixinStandardHelpOptions = true, description = "Removes all topics of the run and what is in them, "
            + "after asking. Refuses while services of the run are alive.")
    int delete(@Mixin NamedRun run, @Mixin KafkaOptions kafka,
            @Option(names = "--yes", description = "Do not ask.") boolean yes,
            @Option(names = "--force", description = "Even while services are alive; they end with an error.") boolean force) {
        KafkaSettings settings = kafka.settings();
        String name = run.on(settings);
        List<ServiceStatus> alive = force ? List.of() : RunOverview.alive(settings, name, Instant.now());
        if (!alive.isEmpty()) {
            throw new IllegalArgumentException("run " + name + " is worked on by " + alive.stream()
                    .map(status -> status.getService() + "/" + status.getInstance()).collect(Collectors.joining(", "))
                    + "; `sparring stop` ends them, --force deletes all the same");
        }
        try (Admin admin = settings.admin()) {
            RunTopics topics = new RunTopics(admin);
            int count = topics.names(name).size();
            if (!yes && !confirmed("Delete the " + count + " topics of run " + name + " and all that is in them?", name)) {
                throw new IllegalArgumentException("nothing is deleted: it has to be confirmed by the run's name, or --yes");
            }
            topics.delete(name);
            print(List.of("deleted the " + count + " topics of run " + name));
        }
        return 0;
    }

    /** Whoever sits at a terminal is asked for the name; anybody else has to have said yes. */
    private boolean confirmed(String question, String name) {
        Console console = System.console();
        return console != null && name.equals(console.readLine("%s%nIts name, to confirm: ", question));
    }

    private void print(List<String> lines) {
        lines.forEach(spec.commandLine().getOut()::println);
        spec.commandLine().getOut().flush();
    }
}

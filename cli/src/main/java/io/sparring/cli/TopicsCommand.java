package io.sparring.cli;

import io.sparring.learning.Geometry;
import io.sparring.learning.ProgramSize;
import io.sparring.learning.ProgramSpecification;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.producer.DataSets;
import io.sparring.schemas.RunTopic;
import io.sparring.trainer.RunProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The topics of a run. */
@Command(name = "topics", mixinStandardHelpOptions = true, description = "Makes and removes the topics of a run.")
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

    @Command(name = "delete", mixinStandardHelpOptions = true, description = "Removes all topics of the run and what is in them.")
    int delete(@Mixin RunOptions run, @Mixin KafkaOptions kafka) {
        RunSpecification specification = run.specification();
        try (Admin admin = kafka.settings().admin()) {
            new RunTopics(admin).delete(specification.run());
        }
        return 0;
    }

    private void print(List<String> lines) {
        lines.forEach(spec.commandLine().getOut()::println);
        spec.commandLine().getOut().flush();
    }
}

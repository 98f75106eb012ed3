package io.sparring.cli;

import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.schemas.RunTopic;
import java.util.List;
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
            description = "Creates those topics of the run that are not there; services never do.")
    int create(@Mixin RunOptions run, @Mixin KafkaOptions kafka,
            @Option(names = "--replication", paramLabel = "N", defaultValue = "-1",
                    description = "Copies of each partition (default: as the cluster is configured).") short replication) {
        RunSpecification specification = run.specification();
        try (Admin admin = kafka.settings().admin()) {
            new RunTopics(admin).create(specification, replication);
        }
        print(RunTopic.all(specification.run()));
        return 0;
    }

    @Command(name = "delete", mixinStandardHelpOptions = true, description = "Removes all topics of the run and what is in them.")
    int delete(@Mixin RunOptions run, @Mixin KafkaOptions kafka) {
        RunSpecification specification = run.specification();
        try (Admin admin = kafka.settings().admin()) {
            new RunTopics(admin).delete(specification.run());
        }
        return 0;
    }

    private void print(List<String> topics) {
        topics.forEach(spec.commandLine().getOut()::println);
        spec.commandLine().getOut().flush();
    }
}

package io.sparring.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunTopics;
import io.sparring.pipeline.Setting;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a run has set aside. */
@Command(name = "dead-letters", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        description = "Lists, describes and sends again what the services of a run have set aside.")
final class DeadLettersCommand {

    @Spec
    private CommandSpec spec;

    @Command(name = "list", mixinStandardHelpOptions = true,
            description = "One line a letter: its id, when, where its record was, key, bytes and reason; then how many there are "
                    + "of each reason. What several readers have set aside is one letter.")
    int list(@Mixin RunOptions run, @Mixin KafkaOptions kafka,
            @Option(names = "--topic", paramLabel = "TOPIC", description = "Only those of this topic, such as clean-batches.")
            String topic,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "100",
                    description = "No more than the newest so many (default: ${DEFAULT-VALUE}); all are counted.") int limit,
            @Option(names = "--json", description = "Print a JSON document instead.") boolean json) throws IOException {
        Setting.atLeast("--limit", limit, 0);
        DeadLetterLog log = log(run, kafka);
        List<DeadLetter> letters = List.copyOf(log.ids(topic(log.run(), topic)).values());
        List<DeadLetter> shown = letters.subList(Math.max(0, letters.size() - limit), letters.size());
        Map<String, Integer> reasons = new TreeMap<>();
        letters.forEach(letter -> reasons.merge(letter.kind(), 1, Integer::sum));
        if (json) {
            print(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(
                    Map.of("letters", shown.stream().map(DeadLetter::fields).toList(), "reasons", reasons,
                            "count", letters.size())));
            return 0;
        }
        shown.forEach(letter -> print(line(letter)));
        print(letters.size() + (letters.size() == 1 ? " letter" : " letters"));
        reasons.forEach((reason, count) -> print(String.format("%8d  %s", count, reason)));
        return 0;
    }

    @Command(name = "describe", mixinStandardHelpOptions = true,
            description = "All about one letter: its record's fields, or its first bytes and where they cannot be read.")
    int describe(@Mixin RunOptions run, @Mixin KafkaOptions kafka,
            @Parameters(paramLabel = "ID", description = "As list has it.") long id) {
        DeadLetterLog log = log(run, kafka);
        DeadLetter letter = log.letter(id);
        letter.fields().forEach((name, value) -> print(name + ": " + value));
        if (letter.value() == null) {
            print(letter.size() < 0 ? "the record had no value" : "the letter goes without the value, of " + letter.size()
                    + " bytes, which still stands in its topic");
        } else {
            DeadLetterText.lines(log.run(), letter.topic(), letter.value()).forEach(this::print);
        }
        return 0;
    }

    @Command(name = "redrive", mixinStandardHelpOptions = true,
            description = "Sends the records of letters to the topics and partitions that they came from again, under their "
                    + "keys: for when what was wrong is mended, as by a release that knows their schema. A batch that has its "
                    + "outcome is not sent again.")
    int redrive(@Mixin RunOptions run, @Mixin KafkaOptions kafka,
            @Parameters(paramLabel = "ID", arity = "0..*", description = "As list has them.") List<Long> ids,
            @Option(names = "--all", description = "All letters.") boolean all,
            @Option(names = "--topic", paramLabel = "TOPIC", description = "With --all: only those of this topic.") String topic,
            @Option(names = "--dry-run", description = "Only say what would be sent.") boolean dryRun) {
        List<Long> named = ids == null ? List.of() : ids;
        Setting.require(all == named.isEmpty(), "--all", all, "either --all or the ids of letters");
        Setting.require(all || topic == null, "--topic", topic, "only together with --all");
        DeadLetterLog log = log(run, kafka);
        int refused = 0;
        try (Redrive redrive = Redrive.of(log.kafka(), log.run())) {
            for (long id : all ? List.copyOf(log.ids(topic(log.run(), topic)).keySet()) : named) {
                DeadLetter letter = log.letter(id);
                Optional<String> problem = redrive.problem(letter);
                refused += problem.isPresent() ? 1 : 0;
                if (problem.isEmpty() && !dryRun) {
                    redrive.send(letter);
                }
                print(id + " " + letter.from() + ": " + problem.map(reason -> "not sent: " + reason)
                        .orElse(dryRun ? "would be sent" : "sent"));
            }
        }
        // who asks for all asks for those that can be
        return refused == 0 || all ? 0 : 1;
    }

    private DeadLetterLog log(RunOptions run, KafkaOptions kafka) {
        String name = run.specification().run();
        KafkaSettings settings = kafka.settings();
        try (Admin admin = settings.admin()) {
            if (!new RunTopics(admin).exist(name)) {
                throw new IllegalArgumentException("run " + name + " has no topics on " + settings
                        + "; `sparring topics create` makes them");
            }
        }
        return new DeadLetterLog(settings, name);
    }

    /** With the run's name before it or without. */
    private static Optional<String> topic(String run, String topic) {
        return Optional.ofNullable(topic).map(name -> name.startsWith(run + ".") ? name : run + "." + name);
    }

    private static String line(DeadLetter letter) {
        return letter.id() + "  " + letter.at() + "  " + letter.from() + "  key " + letter.keyText() + "  "
                + (letter.size() < 0 ? "no value" : letter.size() + " bytes") + "  " + letter.reason()
                + letter.redriven().map(before -> "  (sent again from " + before + ")").orElse("");
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}

package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.Setting;
import io.sparring.schemas.RunTopic;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what comes on a topic. */
@Command(name = "tail", mixinStandardHelpOptions = true, description = "Shows the newest records of one of a run's topics and then "
        + "those that come, a line each, until Ctrl-C. Of bytes it tells how many they are.")
final class TailCommand implements Callable<Integer> {

    /** The topics that have records, by their names without the run's. */
    private static final Map<String, RunTopic> METRICS = Arrays.stream(RunTopic.values()).filter(topic -> topic != RunTopic.LEADER)
            .collect(Collectors.toMap(topic -> topic.of("").substring(1), topic -> topic, (one, other) -> one, LinkedHashMap::new));

    /** Their names, for picocli. */
    static final class Names implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return METRICS.keySet().iterator();
        }
    }

    @Parameters(paramLabel = "METRIC", completionCandidates = Names.class, description = "The topic: ${COMPLETION-CANDIDATES}.")
    private String metric;

    @Mixin
    private NamedRun run;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private Answer answer;

    @Option(names = {"-n", "--lines"}, paramLabel = "N", defaultValue = "10",
            description = "Begin with the newest so many (default: ${DEFAULT-VALUE}).")
    private int lines;

    @Option(names = "--no-follow", description = "End with the newest that there is now.")
    private boolean once;

    @Override
    public Integer call() {
        Setting.oneOf("METRIC", metric, METRICS.keySet());
        Setting.between("--lines", lines, 0, 10_000);
        KafkaSettings settings = kafka.settings();
        RunTopic topic = METRICS.get(metric);
        ShownRecords shown = ShownRecords.of(topic);
        try (RecordTail tail = RecordTail.open(settings, topic.of(run.on(settings)))) {
            show(shown, tail.newest(lines));
            while (!once && !Thread.currentThread().isInterrupted()) {
                show(shown, tail.next());
            }
        }
        return 0;
    }

    private void show(ShownRecords shown, List<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (answer.isJson()) {
                answer.jsonLine(shown.document(record));
            } else {
                answer.line(shown.line(record));
            }
        }
    }
}

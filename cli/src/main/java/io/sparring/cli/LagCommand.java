package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What waits for attackers and trainer, partition by partition. */
@Command(name = "lag", mixinStandardHelpOptions = true, description = {
        "Tells for each partition how many clean batches wait to be crafted, and how many adversarial batches wait for their outcome.",
        "Both are bounded (staleness.atMost, data.lead), so a lag that stands at its bound tells who is the slower, not that work "
                + "piles up. Offsets count the markers of transactions too."})
final class LagCommand implements Callable<Integer> {

    @Mixin
    private NamedRun run;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private Answer answer;

    @Override
    public Integer call() {
        KafkaSettings settings = kafka.settings();
        RunLag lag = RunLag.of(settings, run.on(settings));
        answer.print(lag, lines(lag));
        return 0;
    }

    private static List<String> lines(RunLag lag) {
        List<String> lines = new ArrayList<>();
        lines.add("run " + lag.run() + ": the smallest batch number without an outcome is " + lag.nextBatch());
        TextTable table = new TextTable("partition", "newest clean", "newest adversarial", "attackers' offset", "of", "attackers' lag",
                "trainer's lag");
        lag.partitions().forEach(each -> table.row(each.partition(), each.cleanBatch(), each.adversarialBatch(), each.offset(),
                each.endOffset(), each.attackers(), each.trainer()));
        table.row("all", null, null, null, null, lag.attackers(), lag.trainer());
        lines.addAll(table.lines());
        return lines;
    }
}

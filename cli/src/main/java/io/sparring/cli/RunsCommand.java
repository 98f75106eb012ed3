package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.schemas.TrainingStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The runs on a cluster. */
@Command(name = "runs", mixinStandardHelpOptions = true, description = "Lists the runs on a cluster: what each trains, how far it "
        + "is, and whether it is new, running, paused, stopped, finished or idle (nobody trains).")
final class RunsCommand implements Callable<Integer> {

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private Answer answer;

    /**
     * One of them.
     *
     * @param dataset null, as are the next two, while the run is not published
     * @param step of the newest weights
     * @param batches that have their outcome
     * @param of so many; null for a run without an end
     * @param services processes that are alive
     */
    record Row(String run, String dataset, String network, String objective, int incarnation, long step, long batches, Long of,
            int services, String state) {

        static Row of(RunOverview overview) {
            Optional<RunSpecification> run = overview.specification();
            return new Row(overview.run(), run.map(each -> each.data().name()).orElse(null),
                    run.map(each -> each.network().name()).orElse(null), run.map(each -> each.objective().name()).orElse(null),
                    overview.step().map(TrainingStep::getIncarnation).orElse(0),
                    overview.step().map(TrainingStep::getStep).orElse(0L), overview.batches(),
                    run.map(each -> each.data().batches()).filter(batches -> batches > 0).orElse(null),
                    overview.alive().size(), overview.condition().name());
        }
    }

    @Override
    public Integer call() {
        KafkaSettings settings = kafka.settings();
        SortedSet<String> names;
        try (Admin admin = settings.admin()) {
            names = new RunTopics(admin).runs();
        }
        List<Row> rows = new ArrayList<>();
        names.forEach(name -> rows.add(Row.of(RunOverview.of(settings, name, Instant.now()))));
        answer.print(Map.of("runs", rows), lines(rows));
        return 0;
    }

    private static List<String> lines(List<Row> rows) {
        if (rows.isEmpty()) {
            return List.of("no run has topics on this cluster; `sparring topics create` makes them");
        }
        TextTable table = new TextTable("run", "data set", "network", "objective", "update", "batches", "of", "services", "state");
        rows.forEach(row -> table.row(row.run(), row.dataset(), row.network(), row.objective(),
                row.incarnation() + "/" + row.step(), row.batches(), row.of(), row.services(), row.state()));
        return table.lines();
    }
}

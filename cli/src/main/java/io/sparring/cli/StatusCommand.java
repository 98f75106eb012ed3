package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.TrainingStep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Who works on a run, and how it goes. */
@Command(name = "status", mixinStandardHelpOptions = true, description = "Tells who is alive in a run, how fast each works and what "
        + "waits for it, and the run's newest step. A process that has not been heard of for some seconds is SILENT.")
final class StatusCommand implements Callable<Integer> {

    private static final String SILENT = "SILENT";

    @Mixin
    private NamedRun run;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private Answer answer;

    @Option(names = "--all", description = "Show processes that have ended too.")
    private boolean all;

    /**
     * A process.
     *
     * @param update incarnation and step of the weights it works with; null where it has none
     * @param lag batches that wait for it; null where there is no such number
     * @param reportedSecondsAgo age of its newest heartbeat
     */
    record Process(String service, String instance, String state, double imagesPerSecond, long batches, Long lag, String update,
            String address, double reportedSecondsAgo) {

        static Process of(ServiceStatus status, RunOverview overview) {
            boolean silent = status.getState() != ServiceState.STOPPED && !overview.isAlive(status);
            return new Process(status.getService(), status.getInstance(), silent ? SILENT : status.getState().name(),
                    silent || status.getState() == ServiceState.STOPPED ? 0 : status.getImagesPerSecond(), status.getBatches(),
                    status.getLag(), status.getStep() == null ? null : status.getIncarnation() + "/" + status.getStep(),
                    status.getAddress(), Duration.between(status.getReportedAt(), overview.at()).toMillis() / 1000.0);
        }
    }

    /**
     * How the run goes.
     *
     * @param staleness of the newest training step, in steps; null where it has none
     * @param loss the objective at that step
     * @param imagesPerSecond of all live processes of each service together
     */
    record Status(String run, String state, int incarnation, long step, long batches, Long of, Long staleness, Float loss,
            Map<String, Double> imagesPerSecond, List<Process> processes) {
    }

    @Override
    public Integer call() {
        KafkaSettings settings = kafka.settings();
        RunOverview overview = RunOverview.of(settings, run.on(settings), Instant.now());
        List<Process> processes = overview.services().stream()
                .filter(status -> all || status.getState() != ServiceState.STOPPED)
                .map(status -> Process.of(status, overview)).toList();
        Map<String, Double> rates = new TreeMap<>();
        overview.alive().forEach(status -> rates.merge(status.getService(), status.getImagesPerSecond(), Double::sum));
        Optional<TrainingStep> step = overview.step();
        Status status = new Status(overview.run(), overview.condition().name(), step.map(TrainingStep::getIncarnation).orElse(0),
                step.map(TrainingStep::getStep).orElse(0L), overview.batches(), overview.specification()
                        .map(RunSpecification::data).map(data -> data.batches()).filter(batches -> batches > 0).orElse(null),
                step.map(TrainingStep::getStaleness).orElse(null), step.map(TrainingStep::getLoss).orElse(null), rates, processes);
        answer.print(status, lines(status));
        return 0;
    }

    private static List<String> lines(Status status) {
        List<String> lines = new ArrayList<>();
        lines.add("run " + status.run() + ": " + status.state() + ", update " + status.incarnation() + "/" + status.step() + ", "
                + status.batches() + (status.of() == null ? " batches" : " of " + status.of() + " batches")
                + (status.staleness() == null ? "" : ", staleness " + status.staleness())
                + (status.loss() == null ? "" : String.format(Locale.ROOT, ", loss %.3f", status.loss())));
        TextTable table = new TextTable("service", "instance", "state", "images/s", "batches", "lag", "update", "heard of", "address");
        status.processes().forEach(each -> table.row(each.service(), each.instance(), each.state(),
                Math.round(each.imagesPerSecond()), each.batches(), each.lag(), each.update(), age(each.reportedSecondsAgo()),
                each.address()));
        lines.addAll(status.processes().isEmpty() ? List.of("no process has been heard of") : table.lines());
        return lines;
    }

    /** Of clocks that differ, a heartbeat may come out of the future. */
    private static String age(double seconds) {
        long whole = Math.max(0, Math.round(seconds));
        return whole < 120 ? whole + " s ago" : whole < 7200 ? whole / 60 + " min ago" : whole / 3600 + " h ago";
    }
}

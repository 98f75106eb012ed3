package io.sparring.dashboard;

import io.sparring.dashboard.DataTable.Cell;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a report says of the run as a whole.
 *
 * @param tiles numbers to begin with
 * @param facts names with what they are
 * @param specification as YAML
 * @param incarnations where each began
 */
record ReportHead(String run, String summary, List<Fact> tiles, List<Fact> facts, String specification, DataTable incarnations,
        String made) {

    /** @param note in small; empty for none */
    record Fact(String name, String value, String note) {
    }

    static ReportHead of(ReportedRun reported, Progress.View progress, List<TrainingSeries.Beginning> incarnations,
            Computations computations, Instant at) {
        RunSpecification run = reported.specification();
        List<Fact> tiles = new ArrayList<>(List.of(
                new Fact("Steps", Figures.count(progress.step()), "update " + progress.incarnation() + "/" + progress.step()),
                new Fact("Batches", Figures.count(progress.batches()),
                        run.data().batches() > 0 ? "of " + Figures.count(run.data().batches()) : "of an endless run"),
                new Fact("Incarnations", Figures.count(progress.incarnation() + 1L), "")));
        for (Outcome outcome : Outcome.values()) {
            String name = outcome.name().charAt(0) + outcome.name().substring(1).toLowerCase(Locale.ROOT);
            tiles.add(new Fact(name, Figures.count(progress.outcomes().getOrDefault(outcome, 0L)), "batches"));
        }
        return new ReportHead(run.run(), summary(run), tiles, facts(reported, progress, computations), RunFile.toYaml(run),
                new DataTable("Incarnations", List.of("Incarnation", "First step"), incarnations.stream().<List<Cell>>map(each ->
                        DataTable.row(Integer.toString(each.incarnation()), Figures.count(each.step()))).toList()),
                "Made by Sparring " + reported.release() + " at " + Figures.moment(at));
    }

    private static String summary(RunSpecification run) {
        return run.data().name() + ", " + run.network().name() + " of width " + run.network().width() + ", "
                + run.objective().name() + ", " + (run.attack().fastGradient() ? "FGSM" : "PGD-" + run.attack().steps())
                + " with " + Figures.norm(run.attack().norm()) + " ε " + Figures.number((double) run.attack().epsilon());
    }

    private static List<Fact> facts(ReportedRun reported, Progress.View progress, Computations computations) {
        RunSpecification run = reported.specification();
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("Evaluated with",
                Figures.attack(run.evaluation().reportName()) + ", " + Figures.norm(run.attack().norm())
                + " ε " + Figures.number((double) run.evaluation().epsilon()) + ", steps of "
                + Figures.number((double) run.evaluation().stepSize()), ""));
        facts.add(new Fact("Trained", Figures.moment(computations.first()) + " to " + Figures.moment(computations.last()),
                progress.firstBatch() > 0 ? "batches before " + Figures.count(progress.firstBatch())
                        + " are trimmed, and neither counted by outcome nor in the charts" : ""));
        computations.platforms().forEach((platform, update) ->
                facts.add(new Fact("Computed on", Shown.text(platform), "from update " + update)));
        if (computations.platforms().isEmpty()) {
            facts.add(new Fact("Computed on", Figures.NONE, "no publishing step says it"));
        }
        facts.add(new Fact("Model program", reported.programSha256(), "SHA-256"));
        facts.add(new Fact("Specification", "version " + reported.version(), ""));
        return facts;
    }
}

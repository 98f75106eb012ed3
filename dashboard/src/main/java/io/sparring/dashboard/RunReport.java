package io.sparring.dashboard;

import io.sparring.schemas.PrequentialWindow;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.Sample;
import io.sparring.schemas.TrainingStep;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A report of a run, made of the records of its topics once they are all read. Used by one thread. */
public final class RunReport {

    private final ReportedRun run;
    private final Progress progress = new Progress();
    private final TrainingSeries training = new TrainingSeries();
    private final Computations computations = new Computations();
    private final Reports reports = new Reports();
    private final StreamSeries stream = new StreamSeries();
    private final Versions versions;
    private Sample sample;

    public RunReport(ReportedRun run) {
        this.run = run;
        this.versions = new Versions(run.specification().evaluation().reportName());
    }

    /**
     * Takes a step, in the order of the topic.
     *
     * @throws IllegalArgumentException if it is of no batch
     */
    public void add(TrainingStep step) {
        if (step.getBatchNumber() < 0) {
            throw new IllegalArgumentException("batchNumber: " + step.getBatchNumber() + "; allowed: at least 0");
        }
        progress.add(step);
        training.add(step);
        computations.add(step);
    }

    public void add(Robustness report) {
        reports.add(report);
        versions.add(report);
    }

    /** @throws IllegalArgumentException if its counts cannot be */
    public void add(PrequentialWindow window) {
        stream.add(window);
    }

    /** @throws IllegalArgumentException if its sizes do not go together */
    public void add(Sample newer) {
        SampleCheck.view(newer);
        if (sample == null || !newer.getCreatedAt().isBefore(sample.getCreatedAt())) {
            sample = newer;
        }
    }

    /** Whether any batch has its outcome. */
    public boolean hasSteps() {
        return progress.view(0).firstBatch() >= 0;
    }

    /**
     * The report as an HTML page that needs nothing else.
     *
     * @param confusions nothing if none were computed
     * @param otherwise why, in a sentence
     * @param at when it is made
     */
    public String html(Optional<MeasuredConfusions> confusions, String otherwise, Instant at) {
        TrainingSeries.View steps = training.view();
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("head", ReportHead.of(run, progress.view(at.toEpochMilli()), steps.incarnations(), computations, at));
        parts.put("accuracy", RunCharts.accuracy(reports.view(steps.incarnations()).lines(),
                run.specification().evaluation().reportName()));
        parts.put("loss", RunCharts.losses(steps));
        parts.put("staleness", RunCharts.staleness(steps));
        parts.put("stream", RunCharts.stream(stream.view(steps.incarnations())));
        parts.put("versions", versions.tables(steps.incarnations()));
        parts.put("olderVersions", versions.more());
        parts.put("mostVersions", Figures.count(Versions.MOST));
        FieldTables fields = versions.fields();
        parts.put("fields", fields.fields("Every figure"));
        parts.put("meanings", fields.meanings());
        parts.put("inner", fields.inner());
        parts.put("samples", Optional.ofNullable(sample).map(each -> SampleSheet.of(each, run.classNames())).stream().toList());
        parts.put("confusions", confusions.map(each -> ConfusionView.of(each, run.classNames())).stream().toList());
        parts.put("noConfusions", otherwise);
        return ReportPage.html(parts);
    }
}

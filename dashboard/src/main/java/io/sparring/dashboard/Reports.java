package io.sparring.dashboard;

import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.UpdateIdentity;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reports of accuracy by attack and slice, of at most {@link #MOST_SERIES} of these. */
final class Reports {

    static final int MOST_SERIES = 12;

    private final Map<String, UpdateSeries<Robustness>> series = new TreeMap<>();
    private Robustness incomplete;

    /** One report; {@code accuracy}, {@code lower} and {@code upper} are shares of {@code images}. */
    record Report(int incarnation, long step, double accuracy, double lower, double upper, long images) {
    }

    /** The reports of one attack on one slice, oldest first. */
    record Line(String attack, String slice, float epsilon, String norm, List<Report> reports) {
    }

    /** The newest report that is still being counted. */
    record Measuring(String attack, String slice, long step, int reported, int batches) {
    }

    /** @param measuring null for none */
    record View(List<Line> lines, Measuring measuring) {
    }

    void add(Robustness report) {
        UpdateIdentity update = new UpdateIdentity(report.getIncarnation(), report.getStep());
        if (report.getStatus() != ReportStatus.COMPLETE || report.getAccuracy() == null || report.getLower() == null
                || report.getUpper() == null) {
            incomplete = incomplete == null || update.compareTo(identity(incomplete)) >= 0 ? report : incomplete;
            return;
        }
        if (incomplete != null && update.compareTo(identity(incomplete)) >= 0
                && incomplete.getAttack().equals(report.getAttack())) {
            incomplete = null;
        }
        String name = report.getAttack() + "/" + report.getSlice();
        if (series.containsKey(name) || series.size() < MOST_SERIES) {
            series.computeIfAbsent(name, key -> new UpdateSeries<>()).put(update, report);
        }
    }

    /** @param incarnations where each began, as far as training steps tell */
    View view(List<TrainingSeries.Beginning> incarnations) {
        return new View(series.values().stream().map(each -> line(each, incarnations)).toList(), incomplete == null ? null
                : new Measuring(Shown.text(incomplete.getAttack()), Shown.text(incomplete.getSlice()), incomplete.getStep(),
                        incomplete.getReported().size(), incomplete.getBatches()));
    }

    private static UpdateIdentity identity(Robustness report) {
        return new UpdateIdentity(report.getIncarnation(), report.getStep());
    }

    /** @param incarnations where each began, as far as training steps tell */
    private static Line line(UpdateSeries<Robustness> reports, List<TrainingSeries.Beginning> incarnations) {
        Robustness newest = reports.newest();
        return new Line(Shown.text(newest.getAttack()), Shown.text(newest.getSlice()), newest.getEpsilon(), newest.getNorm(),
                reports.standing(incarnations).stream().map(report -> new Report(report.getIncarnation(), report.getStep(),
                        report.getAccuracy(), report.getLower(), report.getUpper(), report.getImages())).toList());
    }
}

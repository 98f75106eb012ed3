package io.sparring.dashboard;

import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.UpdateIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Reports of accuracy by attack and slice, at most {@link #MOST} updates of each. Where there are more, every second one is left
 * out, again and again, but never the newest: a report is shown as it stands on its topic, or not at all.
 */
final class Reports {

    static final int MOST = 400;
    static final int MOST_SERIES = 12;

    private final Map<String, Series> series = new TreeMap<>();
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
            series.computeIfAbsent(name, key -> new Series()).add(update, report);
        }
    }

    /** @param incarnations where each began, as far as training steps tell */
    View view(List<TrainingSeries.Beginning> incarnations) {
        return new View(series.values().stream().map(each -> each.line(incarnations)).toList(), incomplete == null ? null
                : new Measuring(Shown.text(incomplete.getAttack()), Shown.text(incomplete.getSlice()), incomplete.getStep(),
                        incomplete.getReported().size(), incomplete.getBatches()));
    }

    private static UpdateIdentity identity(Robustness report) {
        return new UpdateIdentity(report.getIncarnation(), report.getStep());
    }

    private static final class Series {
        private final NavigableMap<UpdateIdentity, Robustness> reports = new TreeMap<>();

        void add(UpdateIdentity update, Robustness report) {
            reports.put(update, report);
            if (reports.size() > MOST) {
                boolean[] keep = {false};
                UpdateIdentity newest = reports.lastKey();
                reports.keySet().removeIf(each -> {
                    keep[0] = !keep[0];
                    return !keep[0] && !each.equals(newest);
                });
            }
        }

        /** Without the updates that a later incarnation has left behind: it goes on from an earlier step. */
        Line line(List<TrainingSeries.Beginning> incarnations) {
            List<Report> line = new ArrayList<>();
            long before = Long.MAX_VALUE;
            int incarnation = -1;
            for (Robustness report : reports.descendingMap().values()) {
                boolean behind = incarnations.stream().anyMatch(later -> later.incarnation() > report.getIncarnation()
                        && later.step() <= report.getStep());
                if (!behind && (report.getIncarnation() == incarnation || report.getStep() < before)) {
                    line.add(0, new Report(report.getIncarnation(), report.getStep(), report.getAccuracy(), report.getLower(),
                            report.getUpper(), report.getImages()));
                    before = report.getStep();
                    incarnation = report.getIncarnation();
                }
            }
            Robustness newest = reports.lastEntry().getValue();
            return new Line(Shown.text(newest.getAttack()), Shown.text(newest.getSlice()), newest.getEpsilon(), newest.getNorm(),
                    line);
        }
    }
}

package io.sparring.cli;

import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.UpdateIdentity;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The complete reports of a run's updates on held-out images. Used by one thread. */
final class AccuracyReports {

    private static final String CLEAN = "clean";

    private final String measuredSlice;
    private final String wholeSlice;
    private final Set<String> always;
    private final Set<String> attacks;
    private final NavigableMap<UpdateIdentity, Map<String, Double>> accuracies = new TreeMap<>();

    AccuracyReports(RunSpecification run) {
        measuredSlice = run.measuredSlice();
        wholeSlice = run.data().slice();
        always = Set.of(CLEAN, run.evaluation().reportName());
        attacks = new TreeSet<>(always);
    }

    /** Takes a report; one that is not complete only tells of its attack. */
    void add(Robustness report) {
        // what is measured of every update is judged by the images that every update is measured on
        boolean counts = report.getSlice().equals(measuredSlice)
                || report.getSlice().equals(wholeSlice) && !always.contains(report.getAttack());
        if (!counts) {
            return;
        }
        attacks.add(report.getAttack());
        if (report.getStatus() == ReportStatus.COMPLETE && report.getAccuracy() != null) {
            accuracies.computeIfAbsent(new UpdateIdentity(report.getIncarnation(), report.getStep()), update -> new TreeMap<>())
                    .put(report.getAttack(), report.getAccuracy());
        }
    }

    /** The attacks that the run reports or is to report, sorted. */
    Set<String> attacks() {
        return attacks;
    }

    /** The update's accuracies by attack, as far as its reports are complete. */
    Map<String, Double> of(UpdateIdentity update) {
        return accuracies.getOrDefault(update, Map.of());
    }

    /** Whether every report that the gate asks for is complete; those of every run, if it asks for none. */
    boolean judged(UpdateIdentity update, Gate gate) {
        return gate.conditions().isEmpty() ? of(update).keySet().containsAll(always) : gate.judges(of(update));
    }

    /** The updates that are judged and pass, newest first. */
    List<UpdateIdentity> passing(Gate gate) {
        return accuracies.descendingMap().entrySet().stream()
                .filter(entry -> judged(entry.getKey(), gate) && gate.passes(entry.getValue()))
                .map(Map.Entry::getKey).toList();
    }
}

package io.sparring.cli;

import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.UpdateIdentity;
import java.util.HashSet;
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
    private final String validationSlice;
    private final String chosenBy;
    private final boolean suiteOnBest;
    private final Set<UpdateIdentity> validated = new HashSet<>();
    private UpdateIdentity best;
    private double bestAccuracy;
    private final NavigableMap<UpdateIdentity, Map<String, Double>> accuracies = new TreeMap<>();

    AccuracyReports(RunSpecification run) {
        measuredSlice = run.measuredSlice();
        wholeSlice = run.data().slice();
        always = Set.of(CLEAN, run.evaluation().reportName());
        attacks = new TreeSet<>(always);
        if (run.evaluation().hasSuite()) {
            attacks.addAll(AttackOptions.PARTS);
            attacks.addAll(RunProgress.SUITE);
        }
        validationSlice = run.validationSlice();
        chosenBy = run.evaluation().reportName();
        suiteOnBest = run.evaluation().suiteOnBest();
    }

    /** Takes a report; one that is not complete only tells of its attack. */
    void add(Robustness report) {
        if (suiteOnBest && report.getSlice().equals(validationSlice) && report.getAttack().equals(chosenBy)
                && report.getStatus() == ReportStatus.COMPLETE && report.getAccuracy() != null) {
            UpdateIdentity update = new UpdateIdentity(report.getIncarnation(), report.getStep());
            validated.add(update);
            if (best == null || report.getAccuracy() > bestAccuracy) {
                best = update;
                bestAccuracy = report.getAccuracy();
            }
        }
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

    /** Whether all that the gate asks for has been reported, if no update comes after this one: the suite may be run on the best alone. */
    boolean judgedToTheEnd(UpdateIdentity last, Gate gate) {
        return judged(last, gate) || suiteOnBest && of(last).keySet().containsAll(always) && validated.contains(last) && judged(best, gate);
    }

    /** The updates that are judged and pass, newest first. */
    List<UpdateIdentity> passing(Gate gate) {
        return accuracies.descendingMap().entrySet().stream()
                .filter(entry -> judged(entry.getKey(), gate) && gate.passes(entry.getValue()))
                .map(Map.Entry::getKey).toList();
    }
}

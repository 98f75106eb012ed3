package io.sparring.cli;

import io.sparring.pipeline.BestValidated;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.UpdateIdentity;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The complete reports of a run's updates on held-out images. Used by one thread. */
final class AccuracyReports {

    private static final String CLEAN = "clean";

    private final String measuredSlice;
    private final String wholeSlice;
    private final Set<String> always;
    private final Set<String> attacks;
    private final Set<String> announced;
    private final Optional<BestValidated> best;
    private final NavigableMap<UpdateIdentity, Map<String, Double>> accuracies = new TreeMap<>();

    AccuracyReports(RunSpecification run) {
        measuredSlice = run.measuredSlice();
        wholeSlice = run.data().slice();
        always = Set.of(CLEAN, run.evaluation().reportName());
        attacks = new TreeSet<>(always);
        announced = run.evaluation().hasSuite() ? Stream.concat(AttackOptions.PARTS.stream(), RunProgress.SUITE.stream())
                .collect(Collectors.toSet()) : Set.of();
        best = run.evaluation().suiteOnBest() ? Optional.of(new BestValidated(run)) : Optional.empty();
    }

    /** Takes a report; one that is not complete only tells of its attack. */
    void add(Robustness report) {
        best.ifPresent(validated -> validated.take(report));
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

    /** The attacks that the run has reported, and those that it reports of every update, sorted. */
    Set<String> attacks() {
        return attacks;
    }

    /** Those and what the run's suite is to report, sorted. */
    Set<String> expected() {
        Set<String> all = new TreeSet<>(attacks);
        all.addAll(announced);
        return all;
    }

    /** The update's accuracies by attack, as far as its reports are complete. */
    Map<String, Double> of(UpdateIdentity update) {
        return accuracies.getOrDefault(update, Map.of());
    }

    /** Whether every report that the gate asks for is complete; those of every run, if it asks for none. */
    boolean judged(UpdateIdentity update, Gate gate) {
        return gate.conditions().isEmpty() ? of(update).keySet().containsAll(always) : gate.judges(of(update));
    }

    /** Whether all that the gate asks for is there, if no update comes after this one: the suite may be run on the best alone. */
    boolean judgedToTheEnd(UpdateIdentity last, Gate gate) {
        return judged(last, gate) || of(last).keySet().containsAll(always) && best.filter(validated -> validated.measured(last))
                .flatMap(BestValidated::best).map(update -> judged(update, gate)).orElse(false);
    }

    /** The updates that are judged and pass, newest first. */
    List<UpdateIdentity> passing(Gate gate) {
        return accuracies.descendingMap().entrySet().stream()
                .filter(entry -> judged(entry.getKey(), gate) && gate.passes(entry.getValue()))
                .map(Map.Entry::getKey).toList();
    }
}

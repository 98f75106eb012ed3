package io.sparring.cli;

import io.sparring.pipeline.EvaluationSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** How far a run is, as its topics tell it. Written by one thread, read by others. */
final class RunProgress {

    /** Attack name of reports on unperturbed images. */
    private static final String CLEAN = "clean";
    /** What reports call the suite, and what is made of it and the clean accuracy. */
    static final List<String> SUITE = List.of("autoattack", "mean", "nrr");
    /** A process that has not been heard of for so long counts no more. */
    static final long SILENCE_MILLIS = 5_000;

    private final String attack;
    private final String slice;
    private final String whole;
    private final boolean suiteAtEnd;
    private final Map<UpdateIdentity, Map<String, Robustness>> suites = new TreeMap<>();
    private final Map<UpdateIdentity, Robustness> clean = new TreeMap<>();
    private final Map<UpdateIdentity, Robustness> attacked = new TreeMap<>();
    private final Map<String, ServiceStatus> services = new TreeMap<>();
    private final NavigableSet<Long> skipped = new TreeSet<>();
    private final long ahead;
    private long highest = -1;
    private TrainingStep lastStep;
    private long steps;
    private final Map<Long, Long> stale = new TreeMap<>();
    private final Map<String, Long> outcomes = new TreeMap<>();

    RunProgress(RunSpecification run) {
        this(run.evaluation(), run.measuredSlice(), run.data().slice(), run.ahead());
    }

    /** Where updates are measured on all held-out images, of the test split. */
    RunProgress(EvaluationSettings evaluation, long ahead) {
        this(evaluation, "held-out", "held-out", ahead);
    }

    /**
     * @param evaluation the attack whose reports count as the robust accuracy
     * @param slice the images whose reports count
     * @param whole the images that the suite is run on
     * @param ahead how far above the smallest number without an outcome the trainer takes batches
     */
    private RunProgress(EvaluationSettings evaluation, String slice, String whole, long ahead) {
        this.slice = slice;
        this.whole = whole;
        this.suiteAtEnd = evaluation.hasSuite() && !evaluation.suiteOnBest();
        this.attack = evaluation.reportName();
        this.ahead = ahead;
    }

    /** Takes a training step; a copy of an older one does not take the newest's place. */
    synchronized void add(TrainingStep step) {
        if (step.getBatchNumber() < 0 || lastStep != null && identity(step).compareTo(identity(lastStep)) < 0) {
            return;
        }
        lastStep = step;
        steps++;
        outcomes.merge(step.getOutcome().name(), 1L, Long::sum);
        if (step.getOutcome() == Outcome.TRAINED || step.getOutcome() == Outcome.REFRESHED) {
            stale.merge(step.getStaleness() == null ? -1 : step.getStaleness(), 1L, Long::sum);
        }
        skipped.remove(step.getBatchNumber());
        // what the steps begin with may be trimmed: what is further below has its outcome
        for (long number = Math.max(highest + 1, step.getBatchNumber() - ahead); number < step.getBatchNumber(); number++) {
            skipped.add(number);
        }
        highest = Math.max(highest, step.getBatchNumber());
        skipped.headSet(highest - ahead).clear();
    }

    private static UpdateIdentity identity(TrainingStep step) {
        return new UpdateIdentity(step.getIncarnation(), step.getStep());
    }

    synchronized void add(Robustness report) {
        UpdateIdentity identity = new UpdateIdentity(report.getIncarnation(), report.getStep());
        boolean finished = report.getStatus() == ReportStatus.COMPLETE && report.getAccuracy() != null;
        boolean complete = finished && report.getSlice().equals(slice);
        if (finished && report.getSlice().equals(whole) && SUITE.contains(report.getAttack())) {
            suites.computeIfAbsent(identity, update -> new TreeMap<>()).put(report.getAttack(), report);
        }
        if (complete && report.getAttack().equals(CLEAN)) {
            clean.put(identity, report);
        } else if (complete && report.getAttack().equals(attack)) {
            attacked.put(identity, report);
        }
    }

    synchronized void add(ServiceStatus status) {
        if (!Double.isFinite(status.getImagesPerSecond())) {
            throw new IllegalArgumentException("imagesPerSecond: " + status.getImagesPerSecond() + "; allowed: a finite number");
        }
        services.put(status.getService() + "/" + status.getInstance(), status);
    }

    /** The newest training step. */
    synchronized Optional<TrainingStep> lastStep() {
        return Optional.ofNullable(lastStep);
    }

    /** How many outcomes there are, whichever batches' they are. */
    synchronized long steps() {
        return steps;
    }

    /** How stale the batches were, as far as their steps have been read. */
    synchronized StalenessSeen staleness() {
        return new StalenessSeen(stale, outcomes);
    }

    /** The diagnostics of the newest measured update; empty where its report has none. */
    synchronized List<PerceptionFigures> perception() {
        return lastStep == null || !attacked.containsKey(identity(lastStep)) ? List.of()
                : attacked.get(identity(lastStep)).getPerception().stream().map(PerceptionFigures::of).toList();
    }

    /** The processes of a service that are at work rather than standing by, as far as their heartbeats tell. */
    synchronized List<String> working(String service) {
        return services.values().stream().filter(status -> status.getService().equals(service)
                && (status.getState() == ServiceState.RUNNING || status.getState() == ServiceState.WAITING))
                .map(ServiceStatus::getInstance).toList();
    }

    /** Batches that have their outcome. */
    synchronized long batches() {
        return highest + 1 - skipped.size();
    }

    /** The updates whose reports are complete, oldest first. */
    synchronized List<MeasuredVersion> versions() {
        List<MeasuredVersion> versions = new ArrayList<>();
        clean.forEach((identity, report) -> {
            Robustness robust = attacked.get(identity);
            if (robust != null) {
                versions.add(new MeasuredVersion(identity.step(), report.getAccuracy(), robust.getAccuracy()));
            }
        });
        return versions;
    }

    /** Accuracy by attack of an update, as far as its reports are complete. */
    synchronized Map<String, Double> accuracies(UpdateIdentity update) {
        Map<String, Double> accuracies = new TreeMap<>();
        Optional.ofNullable(clean.get(update)).ifPresent(report -> accuracies.put(CLEAN, report.getAccuracy()));
        Optional.ofNullable(attacked.get(update)).ifPresent(report -> accuracies.put(attack, report.getAccuracy()));
        return accuracies;
    }

    /** Whether the update that the newest step led to has its reports. */
    synchronized boolean newestIsMeasured() {
        UpdateIdentity newest = lastStep == null ? null : new UpdateIdentity(lastStep.getIncarnation(), lastStep.getStep());
        return newest != null && clean.containsKey(newest) && attacked.containsKey(newest);
    }

    /**
     * The reports of the suite on the newest update, and those that follow from it and the clean accuracy: autoattack, mean and nrr;
     * empty until all are there, and nothing at all where the run does not run the suite on its last update.
     */
    synchronized Optional<Map<String, Robustness>> suiteOnNewest() {
        Map<String, Robustness> found = lastStep == null ? Map.of() : suites.getOrDefault(identity(lastStep), Map.of());
        return suiteAtEnd ? Optional.of(found.size() == SUITE.size() ? Map.copyOf(found) : Map.of()) : Optional.empty();
    }

    /** Images a second that all processes of a service handle together. */
    synchronized double imagesPerSecond(String service, long nowMillis) {
        return services.values().stream()
                .filter(status -> status.getService().equals(service)
                        && status.getReportedAt().toEpochMilli() > nowMillis - SILENCE_MILLIS)
                .mapToDouble(ServiceStatus::getImagesPerSecond).sum();
    }
}

package io.sparring.cli;

import io.sparring.pipeline.EvaluationSettings;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How far a run is, as its topics tell it. Written by one thread, read by others. */
final class RunProgress {

    /** Attack name of reports on unperturbed images. */
    private static final String CLEAN = "clean";
    /** A process that has not been heard of for so long counts no more. */
    private static final long SILENCE_MILLIS = 5_000;

    private final String attack;
    private final Map<UpdateIdentity, Robustness> clean = new TreeMap<>();
    private final Map<UpdateIdentity, Robustness> attacked = new TreeMap<>();
    private final Map<String, ServiceStatus> services = new TreeMap<>();
    private TrainingStep lastStep;

    /** @param evaluation the attack whose reports count as the robust accuracy */
    RunProgress(EvaluationSettings evaluation) {
        this.attack = evaluation.reportName();
    }

    /** Takes a training step; a copy of an older one does not take the newest's place. */
    synchronized void add(TrainingStep step) {
        UpdateIdentity identity = new UpdateIdentity(step.getIncarnation(), step.getStep());
        if (step.getBatchNumber() >= 0 && (lastStep == null
                || identity.compareTo(new UpdateIdentity(lastStep.getIncarnation(), lastStep.getStep())) >= 0)) {
            lastStep = step;
        }
    }

    synchronized void add(Robustness report) {
        UpdateIdentity identity = new UpdateIdentity(report.getIncarnation(), report.getStep());
        boolean complete = report.getStatus() == ReportStatus.COMPLETE && report.getAccuracy() != null;
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

    /** Batches that have their outcome. */
    synchronized long batches() {
        return lastStep == null ? 0 : lastStep.getBatchNumber() + 1;
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

    /** Images a second that all processes of a service handle together. */
    synchronized double imagesPerSecond(String service, long nowMillis) {
        return services.values().stream()
                .filter(status -> status.getService().equals(service)
                        && status.getReportedAt().toEpochMilli() > nowMillis - SILENCE_MILLIS)
                .mapToDouble(ServiceStatus::getImagesPerSecond).sum();
    }
}

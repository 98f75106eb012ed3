package io.sparring.pipeline;

import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.UpdateIdentity;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The update with the best robust accuracy on the validation split, as far as complete reports have been shown. Used by one thread. */
public final class BestValidated {

    private final String slice;
    private final String attack;
    private final Set<UpdateIdentity> measured = new HashSet<>();
    private UpdateIdentity best;
    private double accuracy;

    public BestValidated(RunSpecification run) {
        this(run.validationSlice(), run.evaluation().reportName());
    }

    /**
     * @param slice the images whose reports decide
     * @param attack likewise
     */
    public BestValidated(String slice, String attack) {
        this.slice = slice;
        this.attack = attack;
    }

    /** Shown every report, in the order of the topic. */
    public void take(Robustness report) {
        if (report.getStatus() == ReportStatus.COMPLETE && report.getAccuracy() != null && report.getAttack().equals(attack)
                && report.getSlice().equals(slice)) {
            UpdateIdentity update = new UpdateIdentity(report.getIncarnation(), report.getStep());
            measured.add(update);
            if (best == null || report.getAccuracy() > accuracy) {
                best = update;
                accuracy = report.getAccuracy();
            }
        }
    }

    /** Of equally good ones the one that was measured first. */
    public Optional<UpdateIdentity> best() {
        return Optional.ofNullable(best);
    }

    /** Whether there is a complete report of the update. */
    public boolean measured(UpdateIdentity update) {
        return measured.contains(update);
    }
}

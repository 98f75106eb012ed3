package io.sparring.mlflow;

import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.TrainingStep;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/** What a run has come to: its last weights and how accurate they are reported to be. Used by one thread. */
final class TrainedModel {

    private final RunSpecification run;
    private final BitSet outcomes = new BitSet();
    private final Map<String, Map<String, Double>> accuracies = new TreeMap<>();
    private TrainingStep last;

    TrainedModel(RunSpecification run) {
        this.run = run;
    }

    /** Takes a record of one of the run's topics; anything but a step or a report is passed over. */
    void add(SpecificRecord record) {
        if (record instanceof TrainingStep step && step.getBatchNumber() >= 0 && step.getBatchNumber() < run.data().batches()) {
            if (outcomes.isEmpty()) {
                // what has been trimmed has its outcomes
                outcomes.set(0, (int) step.getBatchNumber());
            }
            outcomes.set((int) step.getBatchNumber());
            if (step.getWeightsSha256() != null) {
                last = step;
            }
        } else if (record instanceof Robustness report && report.getStatus() == ReportStatus.COMPLETE
                && report.getAccuracy() != null) {
            accuracies.computeIfAbsent(report.getIncarnation() + "/" + report.getStep(), any -> new TreeMap<>())
                    .put(report.getSlice() + "/" + report.getAttack(), report.getAccuracy());
        }
    }

    /** The step that the last weights are of, once every batch has its outcome and those weights are measured. */
    Optional<TrainingStep> finished() {
        boolean all = run.data().batches() > 0 && outcomes.cardinality() == run.data().batches();
        return Optional.ofNullable(last).filter(step -> all && isMeasured(step, "clean")
                && isMeasured(step, run.evaluation().reportName()));
    }

    private boolean isMeasured(TrainingStep step, String attack) {
        return its(step).keySet().stream().anyMatch(name -> name.endsWith("/" + attack));
    }

    /** Accuracies of the weights of a step, by slice and attack, in [0, 1]. */
    Map<String, Double> its(TrainingStep step) {
        return accuracies.getOrDefault(step.getIncarnation() + "/" + step.getStep(), Map.of());
    }
}

package io.sparring.cli;

import io.sparring.dashboard.ConfusionMatrix;
import io.sparring.dashboard.MeasuredConfusions;
import io.sparring.evaluator.AttackedBatch;
import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.SafeTensors;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.ImageBatch;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures what an update takes held-out images for, as evaluators do: with the run's program, its evaluation attack and the
 * same seeds. So the counts of all batches of a slice add up to what the topic {@code robustness} says of the update.
 */
final class ConfusionMeasurement {

    private static final Logger LOG = LoggerFactory.getLogger(ConfusionMeasurement.class);

    private ConfusionMeasurement() {
    }

    /** Nothing if there is no batch that the program can take. */
    static Optional<MeasuredConfusions> of(KeptUpdate kept, List<ImageBatch> batches, ExecutionSettings execution) {
        RunSpecification run = kept.published().specification();
        List<Integer> labels = new ArrayList<>();
        List<Integer> clean = new ArrayList<>();
        List<Integer> attacked = new ArrayList<>();
        try (ModelProgram program = ModelProgram.load(kept.published().program(), execution)) {
            program.assign(SafeTensors.decode(kept.update().weights()));
            for (ImageBatch batch : batches) {
                try {
                    AttackedBatch measured = AttackedBatch.of(program, run, batch, Clock.systemUTC());
                    labels.addAll(batch.getLabels());
                    IntStream.of(measured.predictedClean()).forEach(clean::add);
                    IntStream.of(measured.attacked().predictedAfter()).forEach(attacked::add);
                } catch (IllegalArgumentException e) {
                    LOG.warn("passed over held-out batch {}: {}", batch.getBatchNumber(), e.getMessage());
                }
            }
            int classes = program.geometry().classes();
            return labels.isEmpty() ? Optional.empty() : Optional.of(new MeasuredConfusions(kept.update().identity(),
                    run.evaluation().reportName(), run.evaluation().epsilon(), run.attack().norm(), run.data().slice(),
                    run.data().heldOutImages(), program.platform(), ConfusionMatrix.of(classes, labels, clean),
                    ConfusionMatrix.of(classes, labels, attacked)));
        }
    }
}

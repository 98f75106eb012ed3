package io.sparring.evaluator;

import io.sparring.pipeline.DataSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.ImageBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * Held-out batches that a report is about.
 *
 * @param name in reports
 * @param first number of its first batch
 * @param batches how many there are
 */
record Slice(String name, long first, int batches) {

    /** Whether a batch is one of them. */
    boolean holds(ImageBatch batch) {
        return batch.getBatchNumber() >= first && batch.getBatchNumber() < first + batches;
    }

    /** All held-out images of the run: what the suite is run on. */
    static Slice whole(RunSpecification run) {
        return new Slice(run.data().slice(), 0, run.mainHeldOutBatches());
    }

    /** What every marked update is measured on: as many images as the run says, and the validation split where it has both. */
    static List<Slice> always(RunSpecification run) {
        List<Slice> slices = new ArrayList<>();
        slices.add(new Slice(run.measuredSlice(), 0, run.measuredBatches()));
        if (run.heldOutBatches() > run.mainHeldOutBatches()) {
            slices.add(new Slice(DataSettings.VALIDATION, run.mainHeldOutBatches(), run.heldOutBatches() - run.mainHeldOutBatches()));
        }
        return slices;
    }
}

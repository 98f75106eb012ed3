package io.sparring.cli;

import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.ExportedModel;
import io.sparring.learning.Geometry;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.PixelPerturbation;
import io.sparring.learning.SafeTensors;
import io.sparring.pipeline.EvaluationSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.producer.Batch;
import io.sparring.producer.HeldOutBatches;
import io.sparring.producer.LabeledImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Measures an exported model as a user of it would: the SavedModel alone classifies. Only the perturbations come from
 * elsewhere, crafted with the weights that lie beside it.
 */
final class ExportMeasurement {

    private ExportMeasurement() {
    }

    /**
     * @param program the run's model program
     * @param images of which the run's held-out ones are used
     * @param step which update was exported
     * @param stopped is asked before each batch whether to end without a result
     */
    static Optional<MeasuredVersion> of(Path export, RunSpecification run, byte[] program, LabeledImages images, long step,
            ExecutionSettings execution, BooleanSupplier stopped) throws IOException {
        HeldOutBatches batches = new HeldOutBatches(images, run.data().heldOutImages(), run.data().heldOutBatchSize());
        long clean = 0;
        long robust = 0;
        try (ExportedModel model = ExportedModel.load(export, execution);
                ModelProgram crafting = ModelProgram.load(program, execution)) {
            crafting.assign(SafeTensors.decode(Files.readAllBytes(export.resolve(ExportedModel.WEIGHTS))));
            for (int i = 0; i < batches.size(); i++) {
                if (stopped.getAsBoolean()) {
                    return Optional.empty();
                }
                Batch batch = batches.batch(i);
                float[] pixels = PixelPerturbation.images(batch.pixels());
                float[] perturbed = crafting.perturb(EvaluationSettings.NAME, pixels, batch.labels(), run.seed() + i,
                        run.evaluation().epsilon(), run.evaluation().stepSize());
                clean += correct(model.predict(pixels, batch.count()), batch.labels());
                robust += correct(model.predict(perturbed, batch.count()), batch.labels());
            }
        }
        double count = run.data().heldOutImages();
        return Optional.of(new MeasuredVersion(step, clean / count, robust / count));
    }

    static Geometry geometry(LabeledImages images) {
        return new Geometry(images.height(), images.width(), images.channels(), images.classes());
    }

    private static int correct(float[][] logits, int[] labels) {
        int correct = 0;
        for (int i = 0; i < labels.length; i++) {
            int largest = 0;
            for (int k = 1; k < logits[i].length; k++) {
                largest = logits[i][k] > logits[i][largest] ? k : largest;
            }
            correct += largest == labels[i] ? 1 : 0;
        }
        return correct;
    }
}

package io.sparring.cli;

import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.Geometry;
import io.sparring.learning.PixelPerturbation;
import io.sparring.learning.autoattack.AttackSuite;
import io.sparring.learning.autoattack.ImageBatch;
import io.sparring.pipeline.Setting;
import io.sparring.producer.LabeledImages;
import io.sparring.schemas.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * How models are evaluated on the first images of a test split.
 *
 * @param images      how many, from the first
 * @param checkImages on how many of them gradient masking is looked for; 0 for not at all
 * @param batch       how many images are attacked together at most
 */
record ModelEvaluation(AttackOptions attack, int images, int checkImages, int batch, ExecutionSettings settings) {

    private static final int DIGITS = 12;

    /**
     * Attacks the model.
     *
     * @param dataset its name, for the report
     * @param test    of which the first images are taken
     * @param state   the file with what is done of this model and these images; made if it is not there
     * @param between is run after each batch, when what was made of it is on disk; what it throws ends the evaluation
     */
    EvaluationReport run(EvaluatedModel model, String dataset, LabeledImages test, Path state, EvaluationProgress progress,
            Runnable between) throws IOException {
        Setting.between("--images", images, 1, test.count());
        Geometry geometry = ExportMeasurement.geometry(test);
        model.requireFitting(dataset, geometry);
        String sha256 = sha256(test);
        AttackSuite parts = attack.parts(geometry.classes());
        try (EvaluationState known = EvaluationState.open(state, model.identity(), sha256);
                ModelCopies copies = ModelCopies.load(model.model(), settings)) {
            EvaluationResult result = new EvaluationPlan(attack, parts, Math.min(checkImages, images))
                    .run(new Evaluation(copies, batch, known, progress, System::nanoTime, between), copies.first(), first(test));
            return new EvaluationReport(model, dataset, sha256, attack, batch, copies.programs().size(),
                    copies.first().platform(), result);
        }
    }

    /** The name of a file for what is done of a model and a data set. */
    static String stateName(EvaluatedModel model, LabeledImages test) {
        return model.identity().substring(0, DIGITS) + "-" + sha256(test).substring(0, DIGITS) + ".jsonl";
    }

    private static String sha256(LabeledImages test) {
        return Sha256.of(ByteBuffer.wrap(test.pixels()),
                IntStream.of(test.labels()).boxed().collect(Collectors.toList()));
    }

    private ImageBatch first(LabeledImages test) {
        return new ImageBatch(LongStream.range(0, images).toArray(),
                PixelPerturbation.images(Arrays.copyOf(test.pixels(), images * test.bytesPerImage())),
                Arrays.copyOf(test.labels(), images));
    }
}

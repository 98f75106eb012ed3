package io.sparring.evaluator;

import io.sparring.learning.AttackLoss;
import io.sparring.learning.AttackNorm;
import io.sparring.learning.AttackSpecification;
import io.sparring.learning.AttackStart;
import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.Geometry;
import io.sparring.learning.InitialWeights;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.ModelProgramBuilder;
import io.sparring.learning.NetworkSpecification;
import io.sparring.learning.ObjectiveSpecification;
import io.sparring.learning.OptimizerSpecification;
import io.sparring.learning.PixelPerturbation;
import io.sparring.learning.ProgramSpecification;
import io.sparring.learning.SafeTensors;
import io.sparring.learning.Tensors;
import io.sparring.pipeline.EvaluationSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Update;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.Split;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A run whose model program is built and run in moments: grey images of 8 x 8, each brighter in the quarter of its class. */
final class TinyRun {

    static final int IMAGES = 32;
    static final RunSpecification RUN = RunFile.read(null, Map.of(), Map.of("run", "tiny", "seed", "7",
            "data.heldOutImages", "128", "data.heldOutBatchSize", "32", "evaluation.epsilon", "0.1",
            "evaluation.stepSize", "0.05", "evaluation.steps", "3"));
    private static final ProgramSpecification PROGRAM = program(AttackNorm.LINF);

    static {
        // Avro copies a record that has an enum once our package is trusted, which is the wire format's doing
        WireFormat.of(ImageBatch.class);
    }

    private TinyRun() {
    }

    static ModelProgram load() {
        return load(AttackNorm.LINF);
    }

    static ModelProgram load(AttackNorm norm) {
        return ModelProgram.load(ModelProgramBuilder.build(program(norm)), new ExecutionSettings(1, 1));
    }

    private static ProgramSpecification program(AttackNorm norm) {
        return new ProgramSpecification(new Geometry(8, 8, 1, 4),
                new NetworkSpecification("cnn4", 4, 16, true, List.of(), List.of()), new ObjectiveSpecification("pgd-at"),
                new OptimizerSpecification(0.9f, 0), List.of(new AttackSpecification(
                        EvaluationSettings.NAME, 3, AttackStart.UNIFORM, AttackLoss.CROSS_ENTROPY, norm)));
    }

    static Tensors initialWeights() {
        return InitialWeights.draw(PROGRAM, RUN.seed());
    }

    /** Weights after some steps on clean images: they see the classes and are easily misled. */
    static Tensors trainedWeights(ModelProgram program) {
        program.assign(initialWeights());
        for (long number = 1000; number < 1060; number++) {
            ImageBatch batch = batch(number);
            float[] images = images(batch);
            program.train(images, images, labels(batch), 0.02f, 1);
        }
        return program.weights();
    }

    static Update update(long step, Tensors weights) {
        byte[] encoded = SafeTensors.encode(weights, Map.of());
        return new Update(new UpdateIdentity(2, step), step, step, true, "", Sha256.of(encoded), encoded);
    }

    /** The batch of that number, drawn from it. */
    static ImageBatch batch(long number) {
        return batch(number, 8, 4);
    }

    static ImageBatch batch(long number, int width, int classes) {
        Random random = new Random(number);
        List<Integer> labels = random.ints(IMAGES, 0, classes).boxed().toList();
        byte[] pixels = new byte[IMAGES * 8 * width];
        for (int i = 0; i < pixels.length; i++) {
            int row = i / width % 8;
            int column = i % width;
            int quarter = row / 4 * 2 + column / 4;
            pixels[i] = (byte) (random.nextInt(100) + (quarter == labels.get(i / (8 * width)) ? 100 : 0));
        }
        return new ImageBatch(number, Split.HELD_OUT, 0L, 8, width, 1, classes, labels, ByteBuffer.wrap(pixels),
                Sha256.of(ByteBuffer.wrap(pixels), labels), Instant.ofEpochMilli(0), null, null);
    }

    static float[] images(ImageBatch batch) {
        return PixelPerturbation.images(batch.getPixels().array());
    }

    static int[] labels(ImageBatch batch) {
        return batch.getLabels().stream().mapToInt(Integer::intValue).toArray();
    }
}

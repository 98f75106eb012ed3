package io.sparring.attacker;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.AttackSpecification;
import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.Geometry;
import io.sparring.learning.InitialWeights;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.ModelProgramBuilder;
import io.sparring.learning.NetworkSpecification;
import io.sparring.learning.ObjectiveSpecification;
import io.sparring.learning.OptimizerSpecification;
import io.sparring.learning.ProgramSpecification;
import io.sparring.learning.SafeTensors;
import io.sparring.pipeline.AttackSettings;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A run whose model program is built and run in moments: grey images of 8 x 8 in four classes, batches of eight, PGD-2. */
final class TinyRun {

    static final int IMAGES = 8;
    static final int WINDOW = 3;
    private static final ProgramSpecification PROGRAM = program("pgd-at", AttackNorm.LINF);

    static {
        // Avro copies a record that has an enum once our package is trusted, which is the wire format's doing
        WireFormat.of(ImageBatch.class);
    }

    private TinyRun() {
    }

    /** The run, with some other values. */
    static RunSpecification with(Map<String, String> options) {
        Map<String, String> all = new HashMap<>(Map.of("run", "tiny", "seed", "7", "partitions", "2", "data.batchSize", "8",
                "attack.epsilon", "0.1", "attack.stepSize", "0.05", "attack.steps", "2",
                "publishing.interval", "1", "staleness.atMost", Integer.toString(WINDOW)));
        all.putAll(options);
        return RunFile.read(null, Map.of(), all);
    }

    static ModelProgram load() {
        return load("pgd-at", AttackNorm.LINF);
    }

    static ModelProgram load(String objective, AttackNorm norm) {
        return ModelProgram.load(ModelProgramBuilder.build(program(objective, norm)), new ExecutionSettings(1, 1));
    }

    private static ProgramSpecification program(String objective, AttackNorm norm) {
        ObjectiveSpecification minimised = new ObjectiveSpecification(objective);
        return new ProgramSpecification(new Geometry(8, 8, 1, 4),
                new NetworkSpecification("cnn4", 2, 8, false, List.of(), List.of()), minimised,
                new OptimizerSpecification(0.9f, 0),
                List.of(AttackSpecification.training(AttackSettings.NAME, 2, minimised, norm)));
    }

    /** The update of that step, whose weights are drawn from it. */
    static Update update(long step, long nextBatch) {
        byte[] weights = SafeTensors.encode(InitialWeights.draw(PROGRAM, step), Map.of());
        return new Update(new UpdateIdentity(1, step), nextBatch, nextBatch, false, "", Sha256.of(weights), weights);
    }

    /** A batch whose images are drawn from the seed; many pixels are black or white, where there is no room on one side. */
    static ImageBatch batch(long number, long seed) {
        return batch(number, seed, 8, 8, 4);
    }

    /** The same with a second view, which is of other images: nobody looks. */
    static ImageBatch twoViews(long number, long seed) {
        ImageBatch batch = batch(number, seed);
        ByteBuffer second = batch(number, seed + 1).getPixels();
        return ImageBatch.newBuilder(batch).setSecondPixels(second)
                .setSha256(Sha256.of(batch.getPixels(), second, batch.getLabels())).build();
    }

    static ImageBatch batch(long number, long seed, int height, int width, int classes) {
        Random random = new Random(seed);
        byte[] pixels = new byte[IMAGES * height * width];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.max(0, Math.min(255, random.nextInt(455) - 100));
        }
        List<Integer> labels = random.ints(IMAGES, 0, classes).boxed().toList();
        return new ImageBatch(number, Split.TRAINING, 0L, height, width, 1, classes, labels, ByteBuffer.wrap(pixels),
                Sha256.of(ByteBuffer.wrap(pixels), labels), Instant.ofEpochMilli(0), null, null);
    }
}

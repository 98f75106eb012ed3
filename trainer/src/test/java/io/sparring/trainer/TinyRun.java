package io.sparring.trainer;

import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.Geometry;
import io.sparring.learning.InitialWeights;
import io.sparring.learning.ModelProgramBuilder;
import io.sparring.learning.SafeTensors;
import io.sparring.learning.Tensors;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.PerturbationNorm;
import io.sparring.schemas.Refused;
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
    static final int BATCHES = 8;
    static final int WINDOW = 3;
    /** The run's epsilon of 0.1 in units of 1/255. */
    static final int BOUND = 25;
    static final Geometry GEOMETRY = new Geometry(8, 8, 1, 4);
    static final ExecutionSettings EXECUTION = new ExecutionSettings(1, 1);
    static final RunSpecification RUN = with(Map.of());
    static final byte[] PROGRAM = ModelProgramBuilder.build(RunProgram.specification(RUN, GEOMETRY));

    static {
        // Avro copies a record that has an enum once our package is trusted, which is the wire format's doing
        WireFormat.of(ImageBatch.class);
    }

    private TinyRun() {
    }

    /** The run, with some other values. */
    static RunSpecification with(Map<String, String> options) {
        Map<String, String> all = new HashMap<>(Map.of("run", "tiny", "seed", "7", "partitions", "2", "data.batchSize", "8",
                "network.width", "2", "network.hidden", "8", "staleness.policy", "train"));
        all.putAll(Map.of("data.batches", Integer.toString(BATCHES), "attack.epsilon", "0.1", "attack.stepSize", "0.05",
                "attack.steps", "2", "evaluation.steps", "3", "evaluation.every", "4", "optimizer.schedule", "constant",
                "publishing.interval", "2", "publishing.checkpointEvery", "2", "staleness.atMost", Integer.toString(WINDOW)));
        all.putAll(options);
        return RunFile.read(null, Map.of(), all);
    }

    static byte[] program(RunSpecification run) {
        return ModelProgramBuilder.build(RunProgram.specification(run, GEOMETRY));
    }

    /** The batch of that number with a second view, drawn likewise. */
    static ImageBatch twoViews(long number) {
        ImageBatch batch = clean(number);
        ByteBuffer second = clean(number + 1000).getPixels();
        return ImageBatch.newBuilder(batch).setSecondPixels(second)
                .setSha256(Sha256.of(batch.getPixels(), second, batch.getLabels())).build();
    }

    static Tensors initialWeights() {
        return InitialWeights.draw(RunProgram.specification(RUN, GEOMETRY), RUN.seed());
    }

    /** An update of that step, whose weights are drawn from it. */
    static Update update(long step) {
        byte[] weights = SafeTensors.encode(InitialWeights.draw(RunProgram.specification(RUN, GEOMETRY), step), Map.of());
        return new Update(new UpdateIdentity(0, step), step, step, false, Sha256.of(PROGRAM), Sha256.of(weights), weights);
    }

    /** The batch of that number, drawn from it. */
    static ImageBatch clean(long number) {
        return clean(number, 8, 8);
    }

    static ImageBatch clean(long number, int height, int width) {
        Random random = new Random(number);
        byte[] pixels = new byte[IMAGES * height * width];
        random.nextBytes(pixels);
        List<Integer> labels = random.ints(IMAGES, 0, GEOMETRY.classes()).boxed().toList();
        return new ImageBatch(number, Split.TRAINING, 0L, height, width, 1, GEOMETRY.classes(), labels,
                ByteBuffer.wrap(pixels), Sha256.of(ByteBuffer.wrap(pixels), labels), Instant.ofEpochMilli(0), null, null);
    }

    /** A perturbation within the bound, drawn from the batch number: a trainer cannot tell it from a crafted one. */
    static byte[] perturbation(ImageBatch clean) {
        Random random = new Random(-1 - clean.getBatchNumber());
        byte[] perturbation = new byte[clean.getPixels().remaining()];
        for (int i = 0; i < perturbation.length; i++) {
            int pixel = Byte.toUnsignedInt(clean.getPixels().get(i));
            int change = random.nextInt(2 * BOUND + 1) - BOUND;
            perturbation[i] = (byte) (Math.max(0, Math.min(255, pixel + change)) - pixel);
        }
        return perturbation;
    }

    static AdversarialBatch crafted(ImageBatch clean, long step) {
        return crafted(clean, step, perturbation(clean));
    }

    static AdversarialBatch crafted(ImageBatch clean, long step, byte[] perturbation) {
        return adversarial(clean.getBatchNumber(), new Crafted(0, step, "training", BOUND / 255f, 0.05f, BOUND, 1L,
                ByteBuffer.wrap(perturbation), clean.getSha256(), 0.5f, 1f, 2f, PerturbationNorm.LINF, null, null));
    }

    static AdversarialBatch refused(long number, String reason) {
        return adversarial(number, new Refused(reason));
    }

    private static AdversarialBatch adversarial(long number, Object result) {
        return new AdversarialBatch(number, "attacker-1", result, Instant.ofEpochMilli(0));
    }
}

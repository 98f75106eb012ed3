package io.sparring.attacker;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.PerturbationEncoding;
import io.sparring.learning.PixelPerturbation;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Sample;
import io.sparring.schemas.SampledImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Makes the {@link Sample} of a crafted batch: its first images, and what the weights that are assigned take them for. */
final class SampledImages {

    /** Images of a sample, unless the batch has fewer. */
    static final int MOST = 8;

    private final ModelProgram program;

    /** @param program with the weights that the batches were crafted against */
    SampledImages(ModelProgram program) {
        this.program = program;
    }

    /** @param crafted what was made of {@code clean} */
    Sample of(ImageBatch clean, AdversarialBatch made, Crafted crafted) {
        int size = clean.getHeight() * clean.getWidth() * clean.getChannels();
        int count = Math.min(MOST, clean.getLabels().size());
        byte[] pixels = Arrays.copyOf(BatchViews.bytes(clean.getPixels()), count * size);
        AttackNorm norm = AttackNorm.valueOf(crafted.getNorm().name());
        byte[] perturbation = BatchViews.bytes(crafted.getPerturbation());
        float[] perturbed = PerturbationEncoding.of(norm).perturbed(pixels,
                Arrays.copyOf(perturbation, perturbation.length / clean.getLabels().size() * count));
        float[][] before = program.predict(PixelPerturbation.images(pixels), count);
        float[][] after = program.predict(perturbed, count);
        List<SampledImage> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int predicted = largest(before[i]);
            int predictedPerturbed = largest(after[i]);
            images.add(new SampledImage(clean.getLabels().get(i), ByteBuffer.wrap(pixels, i * size, size).slice(),
                    ByteBuffer.wrap(rounded(perturbed, i * size, size)), predicted, probability(before[i], predicted),
                    predictedPerturbed, probability(after[i], predictedPerturbed)));
        }
        return new Sample(clean.getBatchNumber(), made.getAttacker(), crafted.getIncarnation(), crafted.getStep(),
                crafted.getEpsilon(), norm.name().toLowerCase(Locale.ROOT), clean.getHeight(), clean.getWidth(),
                clean.getChannels(), clean.getClasses(), images, made.getCreatedAt());
    }

    private static byte[] rounded(float[] values, int from, int size) {
        byte[] pixels = new byte[size];
        for (int i = 0; i < size; i++) {
            pixels[i] = (byte) Math.round(values[from + i] * 255);
        }
        return pixels;
    }

    private static int largest(float[] logits) {
        int largest = 0;
        for (int k = 1; k < logits.length; k++) {
            largest = logits[k] > logits[largest] ? k : largest;
        }
        return largest;
    }

    /** The softmax at {@code k}, which has the largest logit, so that no exponential overflows. */
    private static float probability(float[] logits, int k) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - logits[k]);
        }
        return (float) (1 / sum);
    }
}

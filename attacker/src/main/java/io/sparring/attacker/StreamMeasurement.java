package io.sparring.attacker;

import io.sparring.learning.ModelProgram;
import io.sparring.learning.PixelPerturbation;
import io.sparring.pipeline.PrequentialSettings;
import io.sparring.schemas.Attack;
import io.sparring.schemas.ChannelSums;
import io.sparring.schemas.ClassTally;
import io.sparring.schemas.ImageBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds to the facts about a crafted batch what prequential evaluation (test, then train) is made of: the batch was crafted against
 * weights that have not been trained on it, so that what they make of its images, clean and perturbed, is a test. All but the
 * clean images' predictions is known from crafting.
 *
 * @param program with the weights that the batches were crafted against
 */
record StreamMeasurement(PrequentialSettings settings, ModelProgram program) {

    /**
     * @param facts about the batch
     * @param predicted the class that each image is taken for once perturbed
     */
    Attack measure(Attack facts, ImageBatch batch, int[] predicted) {
        if (settings.window() == 0) {
            return facts;
        }
        byte[] pixels = BatchViews.bytes(batch.getPixels());
        int[] labels = batch.getLabels().stream().mapToInt(Integer::intValue).toArray();
        return Attack.newBuilder(facts).setEpoch(batch.getEpoch())
                .setClasses(tallies(batch.getClasses(), labels, predicted,
                        settings.predictsClean(batch.getBatchNumber()) ? clean(pixels, labels.length) : null))
                .setChannels(channels(pixels, batch.getChannels())).build();
    }

    private int[] clean(byte[] pixels, int count) {
        float[][] logits = program.predict(PixelPerturbation.images(pixels), count);
        int[] predicted = new int[count];
        for (int i = 0; i < count; i++) {
            for (int k = 1; k < logits[i].length; k++) {
                predicted[i] = logits[i][k] > logits[i][predicted[i]] ? k : predicted[i];
            }
        }
        return predicted;
    }

    /** @param clean the class that each image is taken for as it is, null where nobody asked */
    private static List<ClassTally> tallies(int classes, int[] labels, int[] perturbed, int[] clean) {
        long[][] counts = new long[classes][3];
        for (int i = 0; i < labels.length; i++) {
            counts[labels[i]][0]++;
            counts[labels[i]][1] += perturbed[i] == labels[i] ? 1 : 0;
            counts[labels[i]][2] += clean != null && clean[i] == labels[i] ? 1 : 0;
        }
        List<ClassTally> tallies = new ArrayList<>();
        for (long[] count : counts) {
            tallies.add(new ClassTally(count[0], count[1], clean == null ? 0 : count[0], count[2]));
        }
        return tallies;
    }

    private static List<ChannelSums> channels(byte[] pixels, int channels) {
        List<ChannelSums> found = new ArrayList<>();
        for (int channel = 0; channel < channels; channel++) {
            long sum = 0;
            long squares = 0;
            for (int i = channel; i < pixels.length; i += channels) {
                int value = Byte.toUnsignedInt(pixels[i]);
                sum += value;
                squares += (long) value * value;
            }
            found.add(new ChannelSums((long) pixels.length / channels, sum / 255.0, squares / (255.0 * 255)));
        }
        return found;
    }
}

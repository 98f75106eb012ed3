package io.sparring.attacker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.PerturbationEncoding;
import io.sparring.learning.PixelPerturbation;
import io.sparring.pipeline.SettableClock;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Sample;
import io.sparring.schemas.SampledImage;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SampledImagesTest {

    private static final int SIZE = 64;

    /** What is shown is what was trained on, classified by the weights that it was crafted against. */
    @ParameterizedTest
    @EnumSource(AttackNorm.class)
    void showsTheFirstImagesAsTheyWereAndAsTheyAreSent(AttackNorm norm) {
        try (ModelProgram program = TinyRun.load("pgd-at", norm)) {
            BatchCrafter crafter = new BatchCrafter(TinyRun.with(Map.of("attack.norm", norm.key(), "attack.epsilon", "0.4",
                    "attack.stepSize", "0.2")), program, "attacker-1", new SettableClock());
            ImageBatch clean = TinyRun.batch(6, 11);
            AdversarialBatch made = crafter.craft(clean, TinyRun.update(3, 4));
            Crafted crafted = (Crafted) made.getResult();

            Sample sample = new SampledImages(program).of(clean, made, crafted);

            assertThat(sample.getBatchNumber()).isEqualTo(6);
            assertThat(sample.getAttacker()).isEqualTo("attacker-1");
            assertThat(sample.getIncarnation()).isEqualTo(1);
            assertThat(sample.getStep()).isEqualTo(3);
            assertThat(sample.getNorm()).isEqualTo(norm.key());
            assertThat(sample.getEpsilon()).isEqualTo(crafted.getEpsilon());
            assertThat(sample.getImages()).hasSize(SampledImages.MOST).extracting(SampledImage::getLabel)
                    .containsExactlyElementsOf(clean.getLabels());
            byte[] pixels = BatchViews.bytes(clean.getPixels());
            float[] perturbed = PerturbationEncoding.of(norm).perturbed(pixels, BatchViews.bytes(crafted.getPerturbation()));
            float[][] before = program.predict(PixelPerturbation.images(pixels), TinyRun.IMAGES);
            float[][] after = program.predict(perturbed, TinyRun.IMAGES);
            int misled = 0;
            for (int i = 0; i < SampledImages.MOST; i++) {
                SampledImage image = sample.getImages().get(i);
                assertThat(image.getPixels()).isEqualTo(ByteBuffer.wrap(pixels, i * SIZE, SIZE).slice());
                for (int at = 0; at < SIZE; at++) {
                    assertThat(Byte.toUnsignedInt(image.getPerturbed().get(at)))
                            .isEqualTo(Math.round(perturbed[i * SIZE + at] * 255));
                }
                assertPrediction(before[i], image.getPredicted(), image.getProbability());
                assertPrediction(after[i], image.getPredictedPerturbed(), image.getProbabilityPerturbed());
                misled += image.getPredictedPerturbed() == image.getLabel() ? 0 : 1;
            }
            if (norm == AttackNorm.LINF) {
                // L2 perturbations lose a little where they are encoded
                assertThat(misled / (float) TinyRun.IMAGES).isEqualTo(crafted.getSuccess());
            }
            assertThat(WireFormat.of(Sample.class).decode(ByteBuffer.wrap(WireFormat.of(Sample.class).encode(sample))))
                    .isEqualTo(sample);
        }
    }

    private static void assertPrediction(float[] logits, int predicted, float probability) {
        double sum = 0;
        for (float logit : logits) {
            assertThat(logit).isLessThanOrEqualTo(logits[predicted]);
            sum += Math.exp(logit);
        }
        assertThat((double) probability).isCloseTo(Math.exp(logits[predicted]) / sum,
                org.assertj.core.api.Assertions.within(1e-5));
    }
}

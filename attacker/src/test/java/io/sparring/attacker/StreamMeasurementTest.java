package io.sparring.attacker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparring.learning.ModelProgram;
import io.sparring.learning.PixelPerturbation;
import io.sparring.learning.SafeTensors;
import io.sparring.pipeline.PrequentialSettings;
import io.sparring.schemas.Attack;
import io.sparring.schemas.ChannelSums;
import io.sparring.schemas.ClassTally;
import io.sparring.schemas.ImageBatch;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StreamMeasurementTest {

    private static final Attack FACTS = new Attack(4L, "attacker-1", 1, 2L, TinyRun.IMAGES, 0f, 0f, 0f, 0.1f, 0f, Instant.EPOCH, -1L,
            List.of(), List.of());
    private static ModelProgram program;

    private final ImageBatch batch = ImageBatch.newBuilder(TinyRun.batch(4, 1)).setEpoch(3).build();
    private final int[] labels = batch.getLabels().stream().mapToInt(Integer::intValue).toArray();

    @BeforeAll
    static void load() {
        program = TinyRun.load();
        program.assign(SafeTensors.decode(TinyRun.update(2, 2).weights()));
    }

    @AfterAll
    static void close() {
        program.close();
    }

    @Test
    void countsByClassWhatIsRightPerturbedAndAsItIs() {
        int[] predicted = labels.clone();
        predicted[0] = (labels[0] + 1) % 4;
        predicted[5] = (labels[5] + 2) % 4;
        float[][] logits = program.predict(PixelPerturbation.images(batch.getPixels().array()), TinyRun.IMAGES);

        Attack found = measurement(10, 2).measure(FACTS, batch, predicted);

        assertThat(found.getEpoch()).isEqualTo(3);
        assertThat(found.getClasses()).hasSize(4);
        for (int k = 0; k < 4; k++) {
            long images = 0;
            long robust = 0;
            long clean = 0;
            for (int i = 0; i < TinyRun.IMAGES; i++) {
                images += labels[i] == k ? 1 : 0;
                robust += labels[i] == k && i != 0 && i != 5 ? 1 : 0;
                boolean largest = true;
                for (float logit : logits[i]) {
                    largest &= logit <= logits[i][k];
                }
                clean += labels[i] == k && largest ? 1 : 0;
            }
            assertThat(found.getClasses().get(k)).isEqualTo(new ClassTally(images, robust, images, clean));
        }
        assertThat(found.getClasses().stream().mapToLong(ClassTally::getClean).sum()).as("the weights know something, and not all")
                .isBetween(1L, TinyRun.IMAGES - 1L);
    }

    @Test
    void cleanImagesAreClassifiedOfEverySoManythBatch() {
        assertThat(clean(measurement(10, 3))).as("of 4 no third").isZero();
        assertThat(clean(measurement(10, 4))).isEqualTo(TinyRun.IMAGES);
        assertThat(clean(measurement(10, 1))).isEqualTo(TinyRun.IMAGES);
        assertThat(clean(measurement(10, 0))).as("never").isZero();
    }

    private long clean(StreamMeasurement measurement) {
        return measurement.measure(FACTS, batch, labels).getClasses().stream().mapToLong(ClassTally::getCleanImages).sum();
    }

    @Test
    void sumsUpTheValuesOfEachChannel() {
        ChannelSums sums = measurement(10, 0).measure(FACTS, batch, labels).getChannels().get(0);
        double sum = 0;
        double squares = 0;
        for (byte pixel : batch.getPixels().array()) {
            double value = (pixel & 0xFF) / 255.0;
            sum += value;
            squares += value * value;
        }
        assertThat(sums.getValues()).isEqualTo(TinyRun.IMAGES * 64L);
        assertThat(sums.getSum()).isCloseTo(sum, within(1e-9));
        assertThat(sums.getSquares()).isCloseTo(squares, within(1e-9));
    }

    @Test
    void doesNothingWhereTheRunWantsNoWindows() {
        assertThat(measurement(0, 1).measure(FACTS, batch, labels)).isSameAs(FACTS);
    }

    private static StreamMeasurement measurement(int window, int cleanEvery) {
        return new StreamMeasurement(new PrequentialSettings(window, 1, cleanEvery, 0.1, 0.1, 0.1), program);
    }
}

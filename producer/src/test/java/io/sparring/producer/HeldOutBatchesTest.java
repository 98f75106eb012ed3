package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HeldOutBatchesTest {

    private final LabeledImages images = MadeImages.of(31, 23, 3, 2, 3);

    @Test
    void serveExactlyTheFirstImagesInOrder() {
        for (int count : new int[] {1, 4, 5, 6, 10, 22, 23}) {
            HeldOutBatches batches = new HeldOutBatches(images, count, 5);
            byte[] pixels = new byte[0];
            int[] labels = new int[0];
            for (int n = 0; n < batches.size(); n++) {
                Batch batch = batches.batch(n);
                assertThat(batch.number()).isEqualTo(n);
                assertThat(batch.epoch()).isZero();
                assertThat(batch.count()).isEqualTo(n < batches.size() - 1 ? 5 : count - 5 * n).isPositive();
                pixels = joined(pixels, batch.pixels());
                labels = Arrays.copyOf(labels, labels.length + batch.count());
                System.arraycopy(batch.labels(), 0, labels, labels.length - batch.count(), batch.count());
            }
            assertThat(pixels).isEqualTo(Arrays.copyOf(images.pixels(), count * 18));
            assertThat(labels).isEqualTo(Arrays.copyOf(images.labels(), count));
        }
    }

    @Test
    void aBatchMayBeLargerThanTheCount() {
        HeldOutBatches batches = new HeldOutBatches(images, 3, Integer.MAX_VALUE);

        assertThat(batches.size()).isEqualTo(1);
        assertThat(batches.batch(0).count()).isEqualTo(3);
    }

    @Test
    void refuseWhatIsOutOfRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> new HeldOutBatches(images, 0, 5))
                .withMessage("held-out images: 0; allowed: 1 to the 23 there are");
        assertThatIllegalArgumentException().isThrownBy(() -> new HeldOutBatches(images, 24, 5))
                .withMessage("held-out images: 24; allowed: 1 to the 23 there are");
        assertThatIllegalArgumentException().isThrownBy(() -> new HeldOutBatches(images, 23, 0))
                .withMessage("held-out batch size: 0; allowed: 1 or more");
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> new HeldOutBatches(images, 23, 5).batch(5))
                .withMessage("held-out batch 5; allowed: 0 to 4");
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}

package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchTest {

    private final Batch batch = new Batch(7, 2, new byte[] {1, 2}, new int[] {3});

    @Test
    void isEqualByContent() {
        assertThat(batch).isEqualTo(new Batch(7, 2, new byte[] {1, 2}, new int[] {3}))
                .hasSameHashCodeAs(new Batch(7, 2, new byte[] {1, 2}, new int[] {3}))
                .isNotEqualTo(new Batch(8, 2, new byte[] {1, 2}, new int[] {3}))
                .isNotEqualTo(new Batch(7, 1, new byte[] {1, 2}, new int[] {3}))
                .isNotEqualTo(new Batch(7, 2, new byte[] {1, 3}, new int[] {3}))
                .isNotEqualTo(new Batch(7, 2, new byte[] {1, 2}, new int[] {4}));
    }

    @Test
    void countsItsImages() {
        assertThat(batch.count()).isEqualTo(1);
        assertThat(batch).hasToString("batch 7 of epoch 2, 1 images");
    }
}

package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LabeledImagesTest {

    @Test
    void knowsItsSizes() {
        LabeledImages images = new LabeledImages(new byte[2 * 4 * 5 * 3], new int[] {0, 6}, 4, 5, 3, 7);

        assertThat(images.count()).isEqualTo(2);
        assertThat(images.bytesPerImage()).isEqualTo(60);
        assertThat(images).hasToString("2 images of 4 x 5 x 3 in 7 classes");
    }

    @Test
    void mayBeEmpty() {
        assertThat(new LabeledImages(new byte[0], new int[0], 4, 5, 3, 7).count()).isZero();
    }

    @Test
    void isEqualByContent() {
        assertThat(MadeImages.of(1, 3, 2, 2, 1)).isEqualTo(MadeImages.of(1, 3, 2, 2, 1))
                .hasSameHashCodeAs(MadeImages.of(1, 3, 2, 2, 1))
                .isNotEqualTo(MadeImages.of(2, 3, 2, 2, 1))
                .isNotEqualTo(MadeImages.of(1, 3, 1, 4, 1));
    }

    @Test
    void someOfThemAreACopyInTheOrderAskedFor() {
        LabeledImages some = MadeImages.numbered(20, 1, 2).at(new int[] {13, 4, 13});

        assertThat(some.pixels()).containsExactly(13, 13, 4, 4, 13, 13);
        assertThat(some.labels()).containsExactly(3, 4, 3);
    }

    @Test
    void refusesPixelsThatAreNotAsManyAsTheSizesSay() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LabeledImages(new byte[7], new int[2], 2, 2, 1, 10))
                .withMessage("7 bytes of pixels; 2 labels of images of 2 x 2 x 1 need 8");
    }

    @Test
    void refusesLabelsThatAreNoClass() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LabeledImages(new byte[2], new int[] {0, 3}, 1, 1, 1, 3))
                .withMessage("image 1 has the label 3; allowed: 0 to 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LabeledImages(new byte[1], new int[] {-1}, 1, 1, 1, 3))
                .withMessage("image 0 has the label -1; allowed: 0 to 2");
    }

    @Test
    void refusesSizesBelowOne() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LabeledImages(new byte[0], new int[0], 0, 5, 3, 7))
                .withMessage("images of 0 x 5 x 3 in 7 classes; allowed: each at least 1");
    }
}

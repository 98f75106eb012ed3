package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.Split;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ValidationSplitTest {

    private static final List<String> CLASSES = IntStream.range(0, 10).mapToObj(Integer::toString).toList();

    /** Image i has i in each pixel and is of class i mod 10. */
    private final DataSet published = new DataSet("made", CLASSES, MadeImages.numbered(205, 2, 2), MadeImages.numbered(30, 2, 2));

    @Test
    void withoutValidationImagesNothingChanges() {
        assertThat(ValidationSplit.of(published, run(0, "test"))).isSameAs(published);
    }

    @Test
    void everyImageIsInOneOfBothSplitsOnce() {
        for (int count : new int[] {25, 100, 204}) {
            DataSet cut = ValidationSplit.of(published, run(count, "validation"));
            List<Integer> training = images(cut.training());
            List<Integer> validation = images(cut.heldOut());

            assertThat(validation).hasSize(count).doesNotHaveDuplicates();
            assertThat(training).as("in their order").isSorted().hasSize(205 - count).doesNotContainAnyElementsOf(validation);
            assertThat(cut.heldOutSplit()).isEqualTo(Split.VALIDATION);
            assertThat(Arrays.stream(cut.heldOut().labels()).boxed().toList())
                    .isEqualTo(validation.stream().map(image -> image % 10).toList());
        }
    }

    @Test
    void updatesMayBeMeasuredOnTheTestSplitAllTheSame() {
        DataSet cut = ValidationSplit.of(published, run(100, "test"));

        assertThat(cut.training()).isEqualTo(ValidationSplit.of(published, run(100, "validation")).training());
        assertThat(cut.heldOut()).isSameAs(published.heldOut());
        assertThat(cut.heldOutSplit()).isEqualTo(Split.HELD_OUT);
    }

    /** Of 205 images, classes 0 to 4 have 21 and the others 20: a share of 10.24 or 9.76 of 100. */
    @Test
    void eachClassHasItsShare() {
        int[] labels = ValidationSplit.of(published, run(100, "validation")).heldOut().labels();
        assertThat(counts(labels)).containsExactly(10, 10, 10, 10, 10, 10, 10, 10, 10, 10);
        int[] most = ValidationSplit.of(published, run(103, "validation")).heldOut().labels();
        assertThat(counts(most)).as("10.55 or 10.05").containsExactly(11, 11, 11, 10, 10, 10, 10, 10, 10, 10);
    }

    @Test
    void theSeedDrawsThem() {
        List<Integer> drawn = images(ValidationSplit.of(published, run(50, "validation")).heldOut());
        Set<List<Integer>> others = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            RunSpecification run = TinyRun.with(Map.of("seed", Long.toString(seed), "data.validationImages", "50",
                    "data.heldOut", "validation"));
            others.add(images(ValidationSplit.of(published, run).heldOut()));
        }
        assertThat(others).as("seeds 0 to 19, of which 7 is the run's").hasSize(20).contains(drawn);
        assertThat(new HashSet<>(drawn.subList(0, 25).stream().map(image -> image % 10).toList()))
                .as("the first ones are of many classes").hasSizeGreaterThan(7);
    }

    /** Whoever has to change these numbers lets images that were validated on be trained on. */
    @Test
    void staysTheSameBetweenReleases() {
        assertThat(images(ValidationSplit.of(published, run(30, "validation")).heldOut()).subList(0, 8))
                .containsExactly(113, 144, 85, 110, 60, 89, 54, 41);
    }

    @Test
    void refusesToCutOffAllImages() {
        assertThatIllegalArgumentException().isThrownBy(() -> ValidationSplit.of(published, run(205, "test"))).withMessage(
                "data.validationImages: '205' is not allowed; "
                        + "allowed: 0 to 204, so that one of made's 205 training images is left");
    }

    private static RunSpecification run(int count, String heldOut) {
        return TinyRun.with(new HashMap<>(Map.of("data.validationImages", Integer.toString(count), "data.heldOut", heldOut)));
    }

    private static List<Integer> images(LabeledImages images) {
        return IntStream.range(0, images.count()).mapToObj(image -> Byte.toUnsignedInt(images.pixels()[image * 4])).toList();
    }

    private static int[] counts(int[] labels) {
        int[] counts = new int[10];
        Arrays.stream(labels).forEach(label -> counts[label]++);
        return counts;
    }
}

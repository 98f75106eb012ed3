package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BatchSequenceTest {

    private static final Augmentation BOTH = new Augmentation(2, true);

    private final LabeledImages images = MadeImages.of(21, 103, 8, 6, 3);

    @Test
    void numbersBatchesAndEpochs() {
        BatchSequence sequence = new BatchSequence(images, 1, 10, BOTH);

        assertThat(sequence.batchesPerEpoch()).isEqualTo(10);
        assertThat(LongStream.of(0, 9, 10, 99, 1_000_000_000_000L).mapToObj(sequence::batch))
                .extracting(Batch::number, Batch::epoch)
                .containsExactly(tuple(0L, 0L), tuple(9L, 0L), tuple(10L, 1L), tuple(99L, 9L),
                        tuple(1_000_000_000_000L, 100_000_000_000L));
    }

    @Test
    void isAFunctionOfItsArguments() {
        BatchSequence one = new BatchSequence(images, 2, 10, BOTH);
        BatchSequence other = new BatchSequence(images, 2, 10, BOTH);

        for (long n = 0; n < 50; n++) {
            assertThat(one.batch(n)).isEqualTo(other.batch(n));
        }
    }

    @Test
    void doesNotDependOnWhatWasAskedBefore() {
        long seed = 3;
        List<Long> numbers = new ArrayList<>(LongStream.range(0, 100).boxed().toList());
        BatchSequence inOrder = new BatchSequence(images, seed, 10, BOTH);
        List<Batch> expected = numbers.stream().map(inOrder::batch).toList();
        Collections.shuffle(numbers, new Random(seed));
        BatchSequence atRandom = new BatchSequence(images, seed, 10, BOTH);

        for (long n : numbers) {
            assertThat(atRandom.batch(n)).as("seed %d", seed).isEqualTo(expected.get((int) n));
        }
    }

    @Test
    void maySafelyBeAskedByManyThreads() {
        BatchSequence sequence = new BatchSequence(images, 4, 10, BOTH);
        List<Batch> expected = LongStream.range(0, 200).mapToObj(new BatchSequence(images, 4, 10, BOTH)::batch).toList();

        assertThat(LongStream.range(0, 200).parallel().mapToObj(sequence::batch).toList()).isEqualTo(expected);
    }

    @Test
    void eachEpochHasEachImageAtMostOnceAndLeavesOutLessThanABatch() {
        BatchSequence sequence = new BatchSequence(MadeImages.numbered(103, 2, 2), 5, 10, Augmentation.NONE);

        for (int epoch = 0; epoch < 5; epoch++) {
            List<Integer> seen = imagesOfEpoch(sequence, epoch);

            assertThat(seen).as("seed 5, epoch %d", epoch).hasSize(100).doesNotHaveDuplicates()
                    .allMatch(image -> image >= 0 && image < 103);
        }
    }

    @Test
    void ordersDifferByEpochAndBySeed() {
        LabeledImages numbered = MadeImages.numbered(100, 2, 2);
        BatchSequence sequence = new BatchSequence(numbered, 6, 10, Augmentation.NONE);
        List<Integer> first = imagesOfEpoch(sequence, 0);

        assertThat(first).isNotEqualTo(imagesOfEpoch(sequence, 1))
                .isNotEqualTo(imagesOfEpoch(new BatchSequence(numbered, 7, 10, Augmentation.NONE), 0))
                .isNotEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void orderDoesNotDependOnTheBatchSizeNorOnTheAugmentation() {
        LabeledImages numbered = MadeImages.numbered(100, 2, 2);

        assertThat(imagesOfEpoch(new BatchSequence(numbered, 8, 10, Augmentation.NONE), 3))
                .isEqualTo(imagesOfEpoch(new BatchSequence(numbered, 8, 20, new Augmentation(0, true)), 3));
    }

    @Test
    void labelsStayWithTheirImages() {
        BatchSequence sequence = new BatchSequence(MadeImages.numbered(100, 2, 2), 9, 25, Augmentation.NONE);

        for (long n = 0; n < 8; n++) {
            Batch batch = sequence.batch(n);
            for (int place = 0; place < batch.count(); place++) {
                assertThat(batch.labels()[place]).isEqualTo(batch.pixels()[place * 4] % 10);
            }
        }
    }

    @Test
    void pixelsAreThoseOfTheImagesWhenAugmentationIsOffAndNotWhenItIsOn() {
        Batch plain = new BatchSequence(images, 10, 103, Augmentation.NONE).batch(0);
        Batch cropped = new BatchSequence(images, 10, 103, new Augmentation(2, false)).batch(0);
        Batch flipped = new BatchSequence(images, 10, 103, new Augmentation(0, true)).batch(0);

        assertThat(sorted(plain.pixels())).isEqualTo(sorted(images.pixels()));
        assertThat(plain.pixels()).doesNotContain(0);
        assertThat(cropped.pixels()).contains(0);
        assertThat(sorted(flipped.pixels())).isEqualTo(sorted(images.pixels()));
        assertThat(flipped.pixels()).isNotEqualTo(plain.pixels());
        assertThat(cropped.labels()).isEqualTo(plain.labels());
    }

    /** Whoever has to change these numbers changes every run that was ever recorded. */
    @Test
    void staysTheSameBetweenReleases() throws Exception {
        BatchSequence sequence = new BatchSequence(images, 20240229, 16, BOTH);

        assertThat(LongStream.of(0, 1, 1000).mapToObj(sequence::batch).map(BatchSequenceTest::digest))
                .containsExactly(
                        "cb62f1df0b40c72900f705d6902610fdd4eb48cfbaba34f749164ad8198619d2",
                        "9871391e89ae2a063d289f8e3193933f8271714cc614b3d935926a0a42ab1ce7",
                        "8713d68adb92b1aff13bf7036fc047f79e529586aad39e25bc5a19806d763c43");
    }

    @Test
    void theFirstViewIsTheBatch() {
        BatchSequence sequence = new BatchSequence(images, 11, 10, BOTH);

        for (long n = 0; n < 25; n++) {
            assertThat(sequence.batch(n, 0)).isEqualTo(sequence.batch(n));
        }
    }

    @Test
    void theSecondViewHasTheSameImagesInTheSameOrderUnderAnotherAugmentation() {
        BatchSequence plain = new BatchSequence(MadeImages.numbered(100, 2, 2), 12, 10, Augmentation.NONE);
        BatchSequence varied = new BatchSequence(images, 12, 10, BOTH);

        for (long n = 0; n < 25; n++) {
            assertThat(plain.batch(n, 1)).isEqualTo(plain.batch(n, 0));
            assertThat(varied.batch(n, 1).labels()).isEqualTo(varied.batch(n, 0).labels());
            assertThat(varied.batch(n, 1).pixels()).isNotEqualTo(varied.batch(n, 0).pixels());
            assertThat(varied.batch(n, 1).epoch()).isEqualTo(n / 10);
        }
    }

    /** Of a thousand images that are flipped or not, a quarter is under each of the four combinations. */
    @Test
    void theViewsAreDrawnIndependently() {
        BatchSequence sequence = new BatchSequence(images, 13, 100, new Augmentation(0, true));
        BatchSequence plain = new BatchSequence(images, 13, 100, Augmentation.NONE);
        int[] seen = new int[4];
        for (long n = 0; n < 10; n++) {
            for (int image = 0; image < 100; image++) {
                seen[flipped(plain, sequence, n, 0, image) + 2 * flipped(plain, sequence, n, 1, image)]++;
            }
        }
        assertThat(Arrays.stream(seen).boxed()).as("seed 13").allSatisfy(times -> assertThat(times).isBetween(200, 300));
    }

    private int flipped(BatchSequence plain, BatchSequence varied, long number, int view, int image) {
        int from = image * images.bytesPerImage();
        int to = from + images.bytesPerImage();
        byte[] asItIs = plain.batch(number, view).pixels();
        return Arrays.equals(asItIs, from, to, varied.batch(number, view).pixels(), from, to) ? 0 : 1;
    }

    @Test
    void viewsDifferInWhatThePolicyDoesToo() {
        BatchSequence sequence = new BatchSequence(images, 14, 10, new Augmentation(0, CropMode.ZERO, false, true, 0));

        for (long n = 0; n < 5; n++) {
            assertThat(sequence.batch(n, 1).pixels()).isNotEqualTo(sequence.batch(n, 0).pixels());
        }
    }

    @Test
    void staysTheSameBetweenReleasesUnderEveryAugmentationToo() {
        BatchSequence sequence = new BatchSequence(images, 20240229, 16, new Augmentation(2, CropMode.REFLECT, true, true, 3));

        assertThat(List.of(digest(sequence.batch(0)), digest(sequence.batch(1000, 1)))).containsExactly(
                "1202c00255ca0dc412478d1e3c7f3933f3170e8784a7292e58d6feacbb3ae612",
                "21ebee4a8af01110b5b733c548d1eaf904bb055c3e703e4e93e420c032d907ca");
    }

    @Test
    void greyImagesHaveNoPolicy() {
        assertThatIllegalArgumentException().isThrownBy(() -> new BatchSequence(MadeImages.numbered(20, 2, 2), 1, 10,
                new Augmentation(0, CropMode.ZERO, false, true, 0))).withMessage("data.autoAugment: 'true' is not allowed; "
                        + "allowed: false for images of 1 channels; AutoAugment takes 3");
    }

    @Test
    void aWholeSplitMayBeOneBatch() {
        BatchSequence sequence = new BatchSequence(images, 1, 103, Augmentation.NONE);

        assertThat(sequence.batchesPerEpoch()).isEqualTo(1);
        assertThat(sequence.batch(5).epoch()).isEqualTo(5);
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> new BatchSequence(images, 1, 0, BOTH))
                .withMessage("batch size: 0; allowed: 1 to the 103 images there are");
        assertThatIllegalArgumentException().isThrownBy(() -> new BatchSequence(images, 1, 104, BOTH))
                .withMessage("batch size: 104; allowed: 1 to the 103 images there are");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchSequence(images, 1, 10, new Augmentation(6, false)))
                .withMessage("augmentation.cropPadding: 6; allowed for 8 x 6 images: 0 to 5");
        assertThatIllegalArgumentException().isThrownBy(() -> new BatchSequence(images, 1, 10, BOTH).batch(-1))
                .withMessage("batch number: -1; allowed: 0 or more");
        for (int view : new int[] {-1, 2}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new BatchSequence(images, 1, 10, BOTH).batch(0, view))
                    .withMessage("view: %d; allowed: 0 to 1", view);
        }
    }

    /** The numbers of the images of an epoch, of a sequence of numbered images of four pixels. */
    private static List<Integer> imagesOfEpoch(BatchSequence sequence, int epoch) {
        List<Integer> seen = new ArrayList<>();
        for (int place = 0; place < sequence.batchesPerEpoch(); place++) {
            Batch batch = sequence.batch((long) epoch * sequence.batchesPerEpoch() + place);
            for (int image = 0; image < batch.count(); image++) {
                seen.add(Byte.toUnsignedInt(batch.pixels()[image * 4]));
            }
        }
        return seen;
    }

    private static byte[] sorted(byte[] values) {
        byte[] copy = values.clone();
        Arrays.sort(copy);
        return copy;
    }

    private static String digest(Batch batch) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.write(batch.pixels());
            for (int label : batch.labels()) {
                out.writeInt(label);
            }
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}

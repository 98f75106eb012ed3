package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sparring.pipeline.BatchCheck;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SettableClock;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.Split;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class BatchRecordsTest {

    private static final WireFormat<ImageBatch> FORMAT = WireFormat.of(ImageBatch.class);
    private static final RunSpecification RUN = TinyRun.with(Map.of());
    private static final DataSet DATA = new DataSet("made", IntStream.range(0, 10).mapToObj(Integer::toString).toList(),
            MadeImages.of(1, 43, 8, 6, 3), MadeImages.of(2, 30, 8, 6, 3));

    private final SettableClock clock = new SettableClock();
    private final BatchRecords records = new BatchRecords(RUN, DATA, clock);

    @Test
    void aBatchGoesUnderItsNumberToThePartitionOfItsNumber() {
        for (long number : new long[] {0, 1, 2, 3, 7, 1_000_000_000_001L}) {
            ProducerRecord<Long, byte[]> record = records.training(number);
            assertThat(record.topic()).isEqualTo("tiny.clean-batches");
            assertThat(record.key()).isEqualTo(number);
            assertThat(record.partition()).isEqualTo((int) (number % 3));
            assertThat(decode(record).getBatchNumber()).isEqualTo(number);
        }
        assertThat(records.heldOut(2)).extracting(ProducerRecord::topic, ProducerRecord::key, ProducerRecord::partition)
                .containsExactly("tiny.held-out-batches", 2L, 2);
    }

    @Test
    void aBatchHoldsTheImagesOfTheRunsSequence() {
        BatchSequence sequence = new BatchSequence(DATA.training(), 7, 10, new Augmentation(2, true));
        for (long number = 0; number < 10; number++) {
            ImageBatch batch = decode(records.training(number));
            assertThat(batch.getPixels()).isEqualTo(ByteBuffer.wrap(sequence.batch(number).pixels()));
            assertThat(batch.getLabels()).isEqualTo(Arrays.stream(sequence.batch(number).labels()).boxed().toList());
            assertThat(batch.getEpoch()).as("four batches an epoch").isEqualTo(number / 4);
            assertThat(batch).extracting(ImageBatch::getSplit, ImageBatch::getHeight, ImageBatch::getWidth,
                    ImageBatch::getChannels, ImageBatch::getClasses).containsExactly(Split.TRAINING, 8, 6, 3, 10);
            assertThat(batch.getCreatedAt()).isEqualTo(clock.instant());
        }
    }

    @Test
    void heldOutBatchesAreTheFirstImagesAsTheyAre() {
        byte[] pixels = new byte[25 * 8 * 6 * 3];
        ByteBuffer joined = ByteBuffer.wrap(pixels);
        for (int number = 0; number < RUN.heldOutBatches(); number++) {
            ImageBatch batch = decode(records.heldOut(number));
            joined.put(batch.getPixels().duplicate());
            assertThat(batch.getSplit()).isEqualTo(Split.HELD_OUT);
            assertThat(batch.getEpoch()).isZero();
            assertThat(batch.getLabels()).hasSize(number < 2 ? 10 : 5);
        }
        assertThat(pixels).isEqualTo(Arrays.copyOf(DATA.heldOut().pixels(), pixels.length));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> records.heldOut(3));
    }

    @Test
    void validationImagesAreMeasuredOnAndNeverTrainedOn() {
        DataSet numbered = new DataSet("made", DATA.classNames(), MadeImages.numbered(200, 2, 2), MadeImages.numbered(30, 2, 2));
        RunSpecification run = TinyRun.with(Map.of("data.cropPadding", "0", "data.validationImages", "50",
                "data.heldOut", "validation", "data.heldOutImages", "50"));
        BatchRecords cut = new BatchRecords(run, ValidationSplit.of(numbered, run), clock);
        Set<Integer> validated = new HashSet<>();
        for (int number = 0; number < run.heldOutBatches(); number++) {
            ImageBatch batch = decode(cut.heldOut(number));
            assertThat(batch.getSplit()).isEqualTo(Split.VALIDATION);
            validated.addAll(images(batch));
        }
        assertThat(validated).hasSize(50);
        for (long number = 0; number < 30; number++) {
            assertThat(images(decode(cut.training(number)))).as("seed 7").doesNotContainAnyElementsOf(validated);
        }
    }

    @Test
    void theValidationSplitComesBehindTheTestSplit() {
        DataSet numbered = new DataSet("made", DATA.classNames(), MadeImages.numbered(200, 2, 2), MadeImages.numbered(30, 2, 2));
        RunSpecification run = TinyRun.with(Map.of("data.cropPadding", "0", "data.validationImages", "50", "data.heldOut", "both",
                "data.heldOutImages", "30", "data.heldOutBatchSize", "20"));
        DataSet cut = ValidationSplit.of(numbered, run);
        BatchRecords records = new BatchRecords(run, cut, clock);
        List<Integer> validated = new ArrayList<>();
        List<Split> splits = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        for (int number = 0; number < run.heldOutBatches(); number++) {
            ImageBatch batch = decode(records.heldOut(number));
            assertThat(batch.getBatchNumber()).isEqualTo(number);
            assertThat(records.heldOutImages(number)).isEqualTo(batch.getLabels().size());
            splits.add(batch.getSplit());
            sizes.add(batch.getLabels().size());
            if (batch.getSplit() == Split.VALIDATION) {
                validated.addAll(images(batch));
            }
        }
        assertThat(sizes).containsExactly(20, 10, 20, 20, 10);
        assertThat(splits).containsExactly(Split.HELD_OUT, Split.HELD_OUT, Split.VALIDATION, Split.VALIDATION, Split.VALIDATION);
        assertThat(validated).hasSize(50).doesNotHaveDuplicates();
        assertThat(cut.training().count()).isEqualTo(150);
    }

    @Test
    void refusesBatchesThatNoRecordHolds() {
        LabeledImages images = MadeImages.of(1, 2, 900, 1000, 3);
        DataSet large = new DataSet("made", DATA.classNames(), images, images);
        for (String key : List.of("data.batchSize", "data.heldOutBatchSize")) {
            Map<String, String> sizes = new HashMap<>(Map.of("data.batchSize", "1", "data.heldOutBatchSize", "1"));
            sizes.put(key, "3");
            assertThatIllegalArgumentException().isThrownBy(() -> new BatchRecords(TinyRun.with(sizes), large, clock))
                    .withMessage(key + ": '3' is not allowed; "
                            + "allowed: at most 2 for images of 900 x 1000 x 3, so that a record is below 8 MiB");
        }
        // a second view in the record, and two bytes for each value of an L2 perturbation
        for (Map<String, String> options : List.of(Map.of("objective.name", "consistency"), Map.of("attack.norm", "l2"))) {
            Map<String, String> two = new HashMap<>(options);
            two.putAll(Map.of("data.batchSize", "2", "data.heldOutBatchSize", "2"));
            assertThatIllegalArgumentException().isThrownBy(() -> new BatchRecords(TinyRun.with(two), large, clock))
                    .withMessageStartingWith("data.batchSize: '2' is not allowed; allowed: at most 1 ");
        }
    }

    @Test
    void everyRecordPassesTheCheckOfWhoeverReceivesIt() {
        for (ProducerRecord<Long, byte[]> record : List.of(records.training(0), records.training(5), records.heldOut(2))) {
            assertThat(BatchCheck.problem(new ConsumerRecord<>(record.topic(), record.partition(), 0, record.key(),
                    Received.readable(decode(record))))).isEmpty();
        }
    }

    @Test
    void aRecordIsTheSameBytesAgainButForItsTime() {
        byte[] first = records.training(5).value();
        records.training(17);
        assertThat(records.training(5).value()).isEqualTo(first);
        assertThat(new BatchRecords(RUN, DATA, clock).training(5).value()).isEqualTo(first);

        clock.forward(Duration.ofHours(1));
        ImageBatch later = decode(records.training(5));
        assertThat(later.getCreatedAt()).isEqualTo(clock.instant());
        assertThat(ImageBatch.newBuilder(later).setCreatedAt(clock.instant().minus(Duration.ofHours(1))).build())
                .isEqualTo(FORMAT.decode(ByteBuffer.wrap(first)));
    }

    @Test
    void aRunThatTakesTwoViewsGetsBothUnderOneNumber() {
        BatchSequence sequence = new BatchSequence(DATA.training(), 7, 10, new Augmentation(2, true));
        BatchRecords both = new BatchRecords(TinyRun.with(Map.of("objective.name", "consistency+rpat")), DATA, clock);
        for (long number = 0; number < 6; number++) {
            ImageBatch batch = decode(both.training(number));
            assertThat(batch.getPixels()).isEqualTo(ByteBuffer.wrap(sequence.batch(number).pixels()));
            assertThat(batch.getSecondPixels()).isEqualTo(ByteBuffer.wrap(sequence.batch(number, 1).pixels()));
            assertThat(BatchCheck.problem(new ConsumerRecord<>("t", 0, 0, number, Received.readable(batch)))).isEmpty();
            assertThat(decode(records.training(number)).getSecondPixels()).as("one view").isNull();
        }
        assertThat(decode(both.heldOut(0)).getSecondPixels()).isNull();
    }

    @Test
    void anotherSeedGivesOtherBatches() {
        assertThat(decode(new BatchRecords(TinyRun.with(Map.of("seed", "8")), DATA, clock).training(5)).getSha256())
                .isNotEqualTo(decode(records.training(5)).getSha256());
    }

    /** The numbers of the images of a batch of numbered ones. */
    private static List<Integer> images(ImageBatch batch) {
        return IntStream.range(0, batch.getLabels().size())
                .mapToObj(image -> Byte.toUnsignedInt(batch.getPixels().get(image * 4))).toList();
    }

    private static ImageBatch decode(ProducerRecord<Long, byte[]> record) {
        return FORMAT.decode(ByteBuffer.wrap(record.value()));
    }
}

package io.sparring.producer;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Setting;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.Split;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The records of a run's batches: but for their time of creation a function of data set, seed and number. */
final class BatchRecords {

    private static final WireFormat<ImageBatch> FORMAT = WireFormat.of(ImageBatch.class);
    /** Bytes of pixels in a record, beside which labels and the other fields have room. */
    private static final int LARGEST = KafkaSettings.LARGEST_RECORD - (1 << 19);

    private final RunSpecification run;
    private final DataSet data;
    private final AugmentedViews views;
    /** Null where the training images come from elsewhere. */
    private final BatchSequence training;
    private final HeldOutBatches heldOut;
    /** Null where the validation split is not streamed beside the test split. */
    private final HeldOutBatches validation;
    private final Clock clock;

    BatchRecords(RunSpecification run, DataSet data, Clock clock) {
        this.run = run;
        this.data = data;
        this.clock = clock;
        // of each view, and its perturbation is a record of that size, or under L2 of twice that
        check("data.batchSize", run.data().batchSize(), run.objective().views() * (run.attack().norm().equals("l2") ? 2 : 1));
        check("data.heldOutBatchSize", Math.min(run.data().heldOutBatchSize(),
                Math.max(run.data().heldOutImages(), data.validation() == null ? 0 : data.validation().count())), 1);
        this.views = new AugmentedViews(run.seed(), Augmentation.of(run.data()));
        this.training = run.data().incoming() ? null
                : new BatchSequence(data.training(), run.seed(), run.data().batchSize(), views.augmentation());
        views.check(data.training().height(), data.training().width(), data.training().channels());
        this.heldOut = new HeldOutBatches(data.heldOut(), run.data().heldOutImages(), run.data().heldOutBatchSize());
        this.validation = data.validation() == null ? null
                : new HeldOutBatches(data.validation(), data.validation().count(), run.data().heldOutBatchSize());
    }

    /** Training batch {@code number} for the topic {@code clean-batches}. */
    ProducerRecord<Long, byte[]> training(long number) {
        return record(RunTopic.CLEAN_BATCHES, Split.TRAINING, data.training(), training.batch(number),
                run.objective().views() == 2 ? ByteBuffer.wrap(training.batch(number, 1).pixels()) : null, null);
    }

    /**
     * The same of images from elsewhere, all of them in their order and in epoch 0.
     *
     * @param incomingNext the offset behind the last of them
     */
    ProducerRecord<Long, byte[]> training(long number, LabeledImages images, long incomingNext) {
        int[] places = IntStream.range(0, images.count()).toArray();
        return record(RunTopic.CLEAN_BATCHES, Split.TRAINING, images, views.batch(number, 0, 0, images, places),
                run.objective().views() == 2 ? ByteBuffer.wrap(views.batch(number, 0, 1, images, places).pixels()) : null,
                incomingNext);
    }

    /** What every image of the run is. */
    ExpectedImages expected() {
        return ExpectedImages.of(data.training());
    }

    /** Held-out batch {@code number}, below the run's number of them, for the topic {@code held-out-batches}. */
    ProducerRecord<Long, byte[]> heldOut(long number) {
        return number < heldOut.size() || validation == null
                ? record(RunTopic.HELD_OUT_BATCHES, data.heldOutSplit(), data.heldOut(), heldOut.batch(Math.toIntExact(number)), null,
                        null)
                : record(RunTopic.HELD_OUT_BATCHES, Split.VALIDATION, data.validation(), validation(number), null, null);
    }

    /** Numbered behind those of the test split. */
    private Batch validation(long number) {
        Batch batch = validation.batch(Math.toIntExact(number - heldOut.size()));
        return new Batch(number, batch.epoch(), batch.pixels(), batch.labels());
    }

    /** How many images a held-out batch has: the last of each split has what is left. */
    int heldOutImages(long number) {
        return number < heldOut.size() ? heldOut.batch((int) number).count() : validation(number).count();
    }

    /** Kafka refuses what is larger, which nobody would see before the producer has started. */
    private void check(String key, int images, int bytesPerValue) {
        int most = LARGEST / data.training().bytesPerImage() / bytesPerValue;
        Setting.require(images <= most, key, images, "at most %d for images of %d x %d x %d, so that a record is below 8 MiB"
                .formatted(most, data.training().height(), data.training().width(), data.training().channels()));
    }

    private ProducerRecord<Long, byte[]> record(RunTopic topic, Split split, LabeledImages images, Batch batch,
            ByteBuffer secondPixels, Long incomingNext) {
        ByteBuffer pixels = ByteBuffer.wrap(batch.pixels());
        List<Integer> labels = Arrays.stream(batch.labels()).boxed().toList();
        ImageBatch record = new ImageBatch(batch.number(), split, batch.epoch(), images.height(), images.width(),
                images.channels(), images.classes(), labels, pixels, Sha256.of(pixels, secondPixels, labels),
                Instant.ofEpochMilli(clock.millis()), secondPixels, incomingNext);
        return new ProducerRecord<>(topic.of(run.run()), RunTopic.partitionOf(batch.number(), run.partitions()),
                batch.number(), FORMAT.encode(record));
    }
}

package io.sparring.producer;

import io.sparring.pipeline.RunSpecification;
import io.sparring.producer.IncomingImages.Taken;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Batches of incoming images, in the order in which these came. A batch has {@code data.batchSize} of them, or those that there
 * are once the first has waited for {@code data.fillSeconds}. Its record has the offset to go on at, so that what is committed
 * of images and of batches is one thing: no crash comes between.
 */
final class IncomingBatches implements BatchSource {

    private final RunSpecification run;
    private final IncomingImages images;
    private final BatchRecords records;
    private final LongConsumer numbered;
    private long next = -1;
    private long before = -1;

    /**
     * @param numbered is told the offset below which all images are part of batches that whoever reads what is committed sees:
     *     those before the last transaction, for the next one begins only when it is ended in all partitions
     */
    IncomingBatches(RunSpecification run, IncomingImages images, BatchRecords records, LongConsumer numbered) {
        this.run = run;
        this.images = images;
        this.records = records;
        this.numbered = numbered;
    }

    @Override
    public int ready(int most) {
        int size = run.data().batchSize();
        int full = images.read(size, most * size) / size;
        if (full > 0 || most == 0) {
            return Math.min(full, most);
        }
        Duration limit = Duration.ofSeconds(run.data().fillSeconds());
        boolean late = !limit.isZero() && images.waited().filter(waited -> waited.compareTo(limit) >= 0).isPresent();
        return late ? 1 : 0;
    }

    @Override
    public Numbered next(long number) {
        Taken taken = images.take(Math.min(run.data().batchSize(), images.waiting()));
        next = taken.next();
        return new Numbered(records.training(number, taken.images(), next), taken.images().count());
    }

    @Override
    public List<ProducerRecord<Long, byte[]>> beside() {
        return images.aside();
    }

    @Override
    public void committed() {
        if (before >= 0) {
            numbered.accept(before);
        }
        before = next;
    }
}

package io.sparring.simulation;

import static io.sparring.simulation.CommittedBatches.require;

import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.IncomingImage;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Sends images to a run that trains on such, and knows which come next: each has to be part of one batch, in their order. */
final class IncomingSender {

    private static final WireFormat<IncomingImage> FORMAT = WireFormat.of(IncomingImage.class);
    /** Beyond those that the run's batches need. */
    private static final int SPARE = 3;

    private final RunSpecification run;
    private final SimulatedBroker broker;
    private final TopicPartition partition;
    private long sent;
    private long numbered;
    private long trimmable;

    IncomingSender(RunSpecification run, SimulatedBroker broker) {
        this.run = run;
        this.broker = broker;
        this.partition = new TopicPartition(RunTopic.INCOMING_IMAGES.of(run.run()), 0);
    }

    /** @param bad whether one comes between that is none */
    void send(int count, boolean bad) {
        long end = run.data().batches() * run.data().batchSize() + SPARE;
        int epoch = broker.takeOver("sender");
        SimulatedTransaction transaction = broker.begin("sender", epoch, "sender");
        if (bad) {
            broker.append(transaction, partition, null, FORMAT.encode(new IncomingImage(2, 1, 1, 1, ByteBuffer.allocate(1),
                    null)),
                    new RecordHeaders());
        }
        for (int i = 0; i < count && sent < end; i++, sent++) {
            broker.append(transaction, partition, null, FORMAT.encode(new IncomingImage(label(sent), 1, 1, 1,
                    ByteBuffer.wrap(new byte[] {(byte) sent}), null)), new RecordHeaders());
        }
        broker.end(transaction, true);
    }

    /** A batch is committed. @throws AssertionError unless it is made of the next images */
    void committed(ImageBatch batch) {
        require(batch.getLabels().size() == run.data().batchSize(), () -> "batch " + batch.getBatchNumber() + " is not full");
        for (int image = 0; image < batch.getLabels().size(); image++, numbered++) {
            require(batch.getPixels().get(image) == (byte) numbered && batch.getLabels().get(image) == label(numbered),
                    () -> "batch " + batch.getBatchNumber() + " is not made of the image that comes next, " + numbered);
        }
        trimmable = batch.getIncomingNext();
    }

    /** @throws AssertionError if images are deleted that are part of no batch */
    void requireKept() {
        require(broker.partition(partition).start() <= trimmable, () -> "images below " + broker.partition(partition).start()
                + " are deleted, those below " + trimmable + " are part of a batch");
    }

    private static int label(long image) {
        return (int) (image * 7 / 3 % 2);
    }
}

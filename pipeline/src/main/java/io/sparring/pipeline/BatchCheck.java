package io.sparring.pipeline;

import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.Sha256;
import java.math.BigInteger;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Whether a record of a batch topic can be used. */
public final class BatchCheck {

    private BatchCheck() {
    }

    /** Why the batch cannot be used, as one sentence that names the field and what is allowed; nothing if it can. */
    public static Optional<String> problem(ConsumerRecord<Long, Received<ImageBatch>> record) {
        Received<ImageBatch> received = record.value();
        if (received == null) {
            return Optional.of("the record is empty; allowed: an ImageBatch");
        }
        return received.isReadable() ? problem(record.key(), received.value()) : Optional.of(received.failure());
    }

    private static Optional<String> problem(Long key, ImageBatch batch) {
        int images = batch.getLabels().size();
        // exact: four counts can be such that a long would come round to the right number
        BigInteger pixels = Stream.of(images, batch.getHeight(), batch.getWidth(), batch.getChannels())
                .map(count -> BigInteger.valueOf(count)).reduce(BigInteger.ONE, BigInteger::multiply);
        if (key == null || key != batch.getBatchNumber()) {
            return Optional.of("batchNumber: " + batch.getBatchNumber() + "; allowed: the record's key, which is " + key);
        }
        if (key < 0) {
            return Optional.of("batchNumber: " + key + "; allowed: at least 0");
        }
        if (images == 0 || batch.getHeight() < 1 || batch.getWidth() < 1 || batch.getChannels() < 1
                || !pixels.equals(BigInteger.valueOf(batch.getPixels().remaining()))) {
            return Optional.of("pixels: " + batch.getPixels().remaining() + " bytes; allowed: " + images + " images x "
                    + batch.getHeight() + " x " + batch.getWidth() + " x " + batch.getChannels() + " = " + pixels + ", not 0");
        }
        if (batch.getSecondPixels() != null && batch.getSecondPixels().remaining() != batch.getPixels().remaining()) {
            return Optional.of("secondPixels: " + batch.getSecondPixels().remaining() + " bytes; allowed: as many as pixels has, "
                    + batch.getPixels().remaining());
        }
        for (int label : batch.getLabels()) {
            if (label < 0 || label >= batch.getClasses()) {
                return Optional.of("labels: " + label + "; allowed: 0 to " + (batch.getClasses() - 1));
            }
        }
        String digest = Sha256.of(batch.getPixels(), batch.getSecondPixels(), batch.getLabels());
        if (!digest.equals(batch.getSha256())) {
            return Optional.of("sha256: " + batch.getSha256()
                    + "; allowed: the digest of the pixels and labels, which is " + digest);
        }
        return Optional.empty();
    }
}

package io.sparring.trainer;

import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The two batch topics as the trainer takes them: in order of number, each clean batch with its adversarial one. */
final class StagedBatches implements AutoCloseable {

    private final BatchReader<ImageBatch> clean;
    private final BatchReader<AdversarialBatch> adversarial;
    private long next;

    /**
     * @param clean positioned such that it reads batch {@code next} and all after it; closed with this
     * @param adversarial likewise
     * @param next the first batch to take
     */
    StagedBatches(BatchReader<ImageBatch> clean, BatchReader<AdversarialBatch> adversarial, long next) {
        this.clean = clean;
        this.adversarial = adversarial;
        this.next = next;
    }

    /** Number of the batch whose turn it is. */
    long next() {
        return next;
    }

    /** Stages what has arrived; waits at most so long if nothing has. */
    void poll(Duration atMost) {
        clean.poll(Duration.ZERO);
        adversarial.poll(atMost);
    }

    /** Whether both records of the next batch are there. */
    boolean complete() {
        return clean.get(next).isPresent() && adversarial.get(next).isPresent();
    }

    /** Whether the next clean batch can never come. */
    boolean skipped() {
        return clean.skipped(next);
    }

    /** The next batch has its outcome without its records; what answers it is set aside. */
    void skip(String reason) {
        adversarial.setAside(next, reason);
        advance();
    }

    /** The next clean batch, if it is there and nobody has answered it yet. */
    Optional<ConsumerRecord<Long, Received<ImageBatch>>> unanswered() {
        return adversarial.get(next).isPresent() ? Optional.empty() : clean.get(next);
    }

    /** The next clean batch, which is there. */
    ConsumerRecord<Long, Received<ImageBatch>> clean() {
        return clean.get(next).orElseThrow();
    }

    /** What became of it, which is there. */
    ConsumerRecord<Long, Received<AdversarialBatch>> adversarial() {
        return adversarial.get(next).orElseThrow();
    }

    /** The next batch has its outcome. */
    void advance() {
        next++;
        clean.advance(next);
        adversarial.advance(next);
    }

    /** How many adversarial batches wait for their turn. */
    int waiting() {
        return adversarial.size();
    }

    /** Where to read on from after a restart. */
    Position position() {
        return new Position(next, List.of(), clean.offsets(), adversarial.offsets());
    }

    @Override
    public void close() {
        clean.close();
        adversarial.close();
    }
}

package io.sparring.trainer;

import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.ServiceContext;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The two batch topics as the trainer takes them: each clean batch with its adversarial one, by number or as they arrive. */
final class StagedBatches implements AutoCloseable {

    /** Of each partition, at the least. */
    private static final int STAGED = 8;

    private final BatchReader<ImageBatch> clean;
    private final BatchReader<AdversarialBatch> adversarial;
    private final Outcomes outcomes;
    private final long ahead;

    /**
     * @param clean positioned such that it reads all batches without an outcome; closed with this
     * @param adversarial likewise
     * @param outcomes those that there are; shared with the readers, and this object's to add to
     * @param ahead how far above the smallest number without an outcome batches are taken; 0 for the order of their numbers
     */
    StagedBatches(BatchReader<ImageBatch> clean, BatchReader<AdversarialBatch> adversarial, Outcomes outcomes, long ahead) {
        this.clean = clean;
        this.adversarial = adversarial;
        this.outcomes = outcomes;
        this.ahead = ahead;
    }

    /**
     * Reads on from a starting point.
     *
     * @param clean closed with this, as is {@code adversarial}
     */
    static StagedBatches from(RunSpecification run, StartingPoint start, Consumer<Long, Received<ImageBatch>> clean,
            Consumer<Long, Received<AdversarialBatch>> adversarial, ServiceContext context) {
        Position position = start.state().position();
        Outcomes outcomes = new Outcomes(position);
        long resumed = start.nextBatch();
        return new StagedBatches(
                new BatchReader<>(clean, RunTopic.CLEAN_BATCHES.of(run.run()), position.getCleanOffsets(), outcomes,
                        enough(run.ahead(), run), Admission.clean(run, resumed, context)),
                // room for all of them, so that none that comes early keeps another out; attackers are bounded by the window
                new BatchReader<>(adversarial, RunTopic.ADVERSARIAL_BATCHES.of(run.run()), position.getAdversarialOffsets(),
                        outcomes, enough(Admission.sent(run), run), Admission.adversarial(run, resumed, context)),
                outcomes, run.ahead());
    }

    /** Of each partition, so many that {@code numbers} in a row and the next of them have room. */
    private static int enough(int numbers, RunSpecification run) {
        return Math.max(STAGED, numbers / run.partitions() + 2);
    }

    /** Smallest number without an outcome. */
    long next() {
        return outcomes.next();
    }

    /** How many batches have their outcome. */
    long outcomes() {
        return outcomes.count();
    }

    /**
     * Stages what has arrived; waits at most so long if nothing has, for the topic that holds the next batch up: to wait for the
     * other would let its fetch lie there when it has come.
     */
    void poll(Duration atMost) {
        boolean cleanIsMissing = adversarial.numbers()
                .anyMatch(number -> number <= next() + ahead && clean.get(number).isEmpty());
        clean.poll(cleanIsMissing ? atMost : Duration.ZERO);
        adversarial.poll(cleanIsMissing ? Duration.ZERO : atMost);
    }

    /**
     * The number whose turn it is: the lowest whose clean batch never comes, which must have its outcome before the later one of
     * its partition that tells so; else, of those whose records are both there, the one whose adversarial record came first.
     */
    Optional<Long> turn() {
        Optional<Long> gap = LongStream.rangeClosed(next(), next() + ahead).filter(clean::skipped).boxed().findFirst();
        return gap.isPresent() ? gap : adversarial.numbers()
                .filter(number -> number <= next() + ahead && clean.get(number).isPresent()).findFirst();
    }

    /** Whether both records of the batch are there. */
    boolean complete(long batchNumber) {
        return clean.get(batchNumber).isPresent() && adversarial.get(batchNumber).isPresent();
    }

    /** Whether the clean batch of a number without an outcome can never come. */
    boolean skipped(long batchNumber) {
        return clean.skipped(batchNumber);
    }

    /** The batch has its outcome without its records; what answers it is set aside. */
    void skip(long batchNumber, String reason) {
        adversarial.setAside(batchNumber, reason);
        done(batchNumber);
    }

    /** The clean batch of the smallest number without an outcome, if it is there and nobody has answered it yet. */
    Optional<ConsumerRecord<Long, Received<ImageBatch>>> unanswered() {
        return adversarial.get(next()).isPresent() ? Optional.empty() : clean.get(next());
    }

    /** The clean batch of that number, which is there. */
    ConsumerRecord<Long, Received<ImageBatch>> clean(long batchNumber) {
        return clean.get(batchNumber).orElseThrow();
    }

    /** What became of it, which is there. */
    ConsumerRecord<Long, Received<AdversarialBatch>> adversarial(long batchNumber) {
        return adversarial.get(batchNumber).orElseThrow();
    }

    /** The batch has its outcome. */
    void done(long batchNumber) {
        outcomes.add(batchNumber);
        clean.remove(batchNumber);
        adversarial.remove(batchNumber);
    }

    /** How many adversarial batches wait for their turn. */
    int waiting() {
        return adversarial.size();
    }

    /** Where to read on from after a restart. */
    Position position() {
        return new Position(next(), outcomes.above(), clean.offsets(), adversarial.offsets());
    }

    @Override
    public void close() {
        clean.close();
        adversarial.close();
    }
}

package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.junit.jupiter.api.Test;

class StagedBatchesTest {

    private static final Duration WAIT = Duration.ofSeconds(7);

    private final Waiting<ImageBatch> clean = new Waiting<>("tiny.clean-batches");
    private final Waiting<AdversarialBatch> adversarial = new Waiting<>("tiny.adversarial-batches");
    private final Outcomes outcomes = new Outcomes(new Position(0L, List.of(), clean.log.beginning(), clean.log.beginning()));
    private final StagedBatches batches = new StagedBatches(
            new BatchReader<>(clean.log, "tiny.clean-batches", clean.log.beginning(), outcomes, 8, record -> true),
            new BatchReader<>(adversarial.log, "tiny.adversarial-batches", clean.log.beginning(), outcomes, 8, record -> true),
            outcomes, 0);

    /** A consumer that remembers how long it was to wait. */
    private static final class Waiting<T> {

        private Duration waited;
        private final LogConsumer<Long, T> log;

        Waiting(String topic) {
            log = new LogConsumer<>(topic, 2, 4) {
                @Override
                public synchronized ConsumerRecords<Long, Received<T>> poll(Duration timeout) {
                    waited = timeout;
                    return super.poll(timeout);
                }
            };
        }
    }

    @Test
    void waitsForTheAdversarialBatchWhereNothingIsThere() {
        batches.poll(WAIT);
        assertThat(clean.waited).isZero();
        assertThat(adversarial.waited).isEqualTo(WAIT);
    }

    @Test
    void waitsForTheCleanBatchThatAnAdversarialOneIsThereFor() {
        adversarial.log.append(0, TinyRun.refused(0, "none"));
        batches.poll(WAIT);
        batches.poll(WAIT);
        assertThat(clean.waited).isEqualTo(WAIT);
        assertThat(adversarial.waited).isZero();
    }

    @Test
    void aLaterOneIsNotWaitedFor() {
        adversarial.log.append(1, TinyRun.refused(1, "none"));
        batches.poll(WAIT);
        batches.poll(WAIT);
        assertThat(clean.waited).isZero();
        assertThat(adversarial.waited).isEqualTo(WAIT);
    }
}

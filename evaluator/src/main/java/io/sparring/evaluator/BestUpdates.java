package io.sparring.evaluator;

import io.sparring.pipeline.BestValidated;
import io.sparring.schemas.Received;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.UpdateIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The update with the best robust accuracy on the validation split, as far as there are complete reports. Used by one thread. */
final class BestUpdates implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);

    private final Consumer<String, Received<Robustness>> consumer;
    private final TopicPartition partition;
    private final BestValidated validated;

    /**
     * @param consumer assigns its partition itself; closed with this
     * @param validated shown its reports
     */
    BestUpdates(Consumer<String, Received<Robustness>> consumer, String run, BestValidated validated) {
        this.validated = validated;
        this.consumer = consumer;
        partition = new TopicPartition(RunTopic.ROBUSTNESS.of(run), 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    /** Of equally good ones the one that was measured first; of all that there are, since the suite takes hours on one. */
    Optional<UpdateIdentity> best() {
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        do {
            consumer.poll(consumer.position(partition) < end ? POLL : Duration.ZERO).forEach(this::take);
        } while (consumer.position(partition) < end);
        return validated.best();
    }

    private void take(ConsumerRecord<String, Received<Robustness>> record) {
        if (record.value() != null && record.value().isReadable()) {
            validated.take(record.value().value());
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}

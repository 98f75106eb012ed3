package io.sparring.evaluator;

import io.sparring.schemas.Received;
import io.sparring.schemas.ReportStatus;
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
    private final String slice;
    private final String attack;
    private UpdateIdentity best;
    private double accuracy;

    /**
     * @param consumer assigns its partition itself; closed with this
     * @param slice the images whose reports decide
     * @param attack likewise
     */
    BestUpdates(Consumer<String, Received<Robustness>> consumer, String run, String slice, String attack) {
        this.slice = slice;
        this.consumer = consumer;
        this.attack = attack;
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
        return Optional.ofNullable(best);
    }

    private void take(ConsumerRecord<String, Received<Robustness>> record) {
        if (record.value() == null || !record.value().isReadable()) {
            return;
        }
        Robustness report = record.value().value();
        if (report.getStatus() == ReportStatus.COMPLETE && report.getAccuracy() != null && report.getAttack().equals(attack)
                && report.getSlice().equals(slice) && (best == null || report.getAccuracy() > accuracy)) {
            best = new UpdateIdentity(report.getIncarnation(), report.getStep());
            accuracy = report.getAccuracy();
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}

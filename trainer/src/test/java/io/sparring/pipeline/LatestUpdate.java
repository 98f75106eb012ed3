package io.sparring.pipeline;

import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WeightsPart;
import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** What {@link UpdateFollower} does on a thread of its own, done when asked. */
public final class LatestUpdate {

    private final Consumer<String, Received<ModelUpdate>> consumer;
    private final UpdateAssembler assembler = new UpdateAssembler(WeightsPart.WEIGHTS, update -> true);
    private Update newest;

    public LatestUpdate(Consumer<String, Received<ModelUpdate>> consumer, String run) {
        this.consumer = consumer;
        newest = TopicTail.newest(consumer, new TopicPartition(RunTopic.MODEL_UPDATES.of(run), 0),
                () -> new UpdateAssembler(WeightsPart.WEIGHTS, update -> true), () -> false).orElse(null);
    }

    /** Reads on. */
    public void poll() {
        consumer.poll(Duration.ZERO).forEach(record -> assembler.apply(record).ifPresent(update -> newest = update));
    }

    /** The newest that was read, null if there is none. */
    public Update newest() {
        return newest;
    }
}

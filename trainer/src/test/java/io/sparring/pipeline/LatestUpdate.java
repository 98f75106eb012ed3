package io.sparring.pipeline;

import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WeightsPart;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/** What {@link UpdateFollower} does on a thread of its own, done when asked. */
public final class LatestUpdate {

    private final Consumer<String, Received<ModelUpdate>> consumer;
    private final RecentUpdates recent;
    private final UpdateAssembler assembler = new UpdateAssembler(WeightsPart.WEIGHTS, update -> true, SetAside.LOGGED);
    private Update newest;

    /** @param recent told of each update */
    public LatestUpdate(Consumer<String, Received<ModelUpdate>> consumer, String run, RecentUpdates recent) {
        this.consumer = consumer;
        this.recent = recent;
        TopicTail.newest(consumer, new TopicPartition(RunTopic.MODEL_UPDATES.of(run), 0),
                () -> new UpdateAssembler(WeightsPart.WEIGHTS, update -> true, SetAside.LOGGED), () -> false).ifPresent(this::take);
    }

    /** Those that are held, and the others looked for with consumers of their own. */
    public static RecentUpdates recent(RunSpecification run, Supplier<Consumer<String, Received<ModelUpdate>>> consumers) {
        return RecentUpdates.of(run, new PublishedUpdates(consumers, run.run(), WeightsPart.WEIGHTS)::at);
    }

    /** Reads on. */
    public void poll() {
        try {
            consumer.poll(Duration.ZERO).forEach(record -> assembler.apply(record).ifPresent(this::take));
        } catch (OffsetOutOfRangeException e) {
            TrimmedRecords.skip(consumer, e);
        }
    }

    private void take(Update update) {
        if (update.isNewerThan(newest)) {
            recent.add(update);
            newest = update;
        }
    }

    /** The newest that was read, null if there is none. */
    public Update newest() {
        return newest;
    }
}

package io.sparring.evaluator;

import io.sparring.pipeline.SetAside;
import io.sparring.schemas.AttackProgress;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * How far all evaluators of a run have come with the images, by update: the topic {@code attack-progress} as far as it has been read,
 * and what this evaluator has added. An image's progress never goes back. Used by one thread.
 */
final class AttackProgressLog implements AutoCloseable {

    private static final WireFormat<AttackProgress> FORMAT = WireFormat.of(AttackProgress.class);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Consumer<String, Received<AttackProgress>> consumer;
    private final List<TopicPartition> partitions;
    private final Predicate<AttackProgress> understood;
    private final Predicate<AttackProgress> done;
    private final int images;
    private final SetAside aside;
    private final Set<UpdateIdentity> complete = new HashSet<>();
    private final SortedMap<UpdateIdentity, Map<Long, AttackProgress>> updates = new TreeMap<>();

    /**
     * @param consumer assigns its partitions itself; closed with this
     * @param understood whether a record is about the run's suite, as it is configured now
     * @param done whether nothing is left to do with an image
     * @param images that the suite is run on
     * @param aside where records go that cannot be read
     */
    AttackProgressLog(Consumer<String, Received<AttackProgress>> consumer, String run, int partitions,
            Predicate<AttackProgress> understood, Predicate<AttackProgress> done, int images, SetAside aside) {
        this.consumer = consumer;
        this.partitions = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(RunTopic.ATTACK_PROGRESS.of(run), partition)).toList();
        this.understood = understood;
        this.done = done;
        this.images = images;
        this.aside = aside;
        consumer.assign(this.partitions);
        consumer.seekToBeginning(this.partitions);
    }

    /** Reads all that has been made known by now. */
    void catchUp() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        do {
            consumer.poll(partitions.stream().anyMatch(partition -> isBehind(partition, ends)) ? POLL : Duration.ZERO)
                    .forEach(this::take);
        } while (partitions.stream().anyMatch(partition -> isBehind(partition, ends)));
        forgetComplete();
    }

    private boolean isBehind(TopicPartition partition, Map<TopicPartition, Long> ends) {
        return consumer.position(partition) < ends.get(partition);
    }

    private void take(ConsumerRecord<String, Received<AttackProgress>> record) {
        Optional<String> problem = problem(record);
        if (problem.isPresent()) {
            aside.add(record, FORMAT.bytes(record.value()), problem.get());
        } else if (record.value() != null) {
            add(record.value().value());
        }
    }

    private static Optional<String> problem(ConsumerRecord<String, Received<AttackProgress>> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        if (!record.value().isReadable()) {
            return Optional.of(record.value().failure());
        }
        AttackProgress progress = record.value().value();
        if (progress.getIncarnation() < 0 || progress.getStep() < 0) {
            return Optional.of("incarnation, step: " + progress.getIncarnation() + ", " + progress.getStep() + "; allowed: 0 and above");
        }
        String own = key(progress);
        return own.equals(record.key()) ? Optional.empty()
                : Optional.of("key: " + record.key() + "; allowed: the update and image of the record, which are " + own);
    }

    /** Takes the progress of an image, unless it is known to be further or is of another suite. */
    void add(AttackProgress progress) {
        UpdateIdentity update = new UpdateIdentity(progress.getIncarnation(), progress.getStep());
        if (understood.test(progress) && !complete.contains(update)) {
            updates.computeIfAbsent(update, first -> new HashMap<>())
                    .merge(progress.getImage(), progress,
                            (before, after) -> after.getSteps() > before.getSteps() ? after : before);
        }
    }

    /** The key of its record. */
    static String key(AttackProgress progress) {
        return progress.getIncarnation() + "/" + progress.getStep() + "/" + progress.getImage();
    }

    /** The updates that the suite has begun with and not finished, oldest first. */
    List<UpdateIdentity> begun() {
        return List.copyOf(updates.keySet());
    }

    /** The progress with an update's images, by index; of none, if there is none or it {@link #isComplete}. */
    Map<Long, AttackProgress> of(UpdateIdentity update) {
        return updates.getOrDefault(update, Map.of());
    }

    /** Whether nothing is left to do with any image of an update; no more is known of it then. */
    boolean isComplete(UpdateIdentity update) {
        return complete.contains(update);
    }

    private void forgetComplete() {
        updates.entrySet().removeIf(update -> update.getValue().size() == images
                && update.getValue().values().stream().allMatch(done) && complete.add(update.getKey()));
    }

    @Override
    public void close() {
        consumer.close();
    }
}

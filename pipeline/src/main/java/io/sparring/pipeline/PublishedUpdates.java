package io.sparring.pipeline;

import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WeightsPart;
import io.sparring.schemas.WireFormat;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Looks for an update on a run's topic {@code model-updates}, from its end towards its beginning. */
public final class PublishedUpdates {

    /** As many steps are all named where one is not there. */
    private static final int FEW = 12;

    private final Supplier<Consumer<String, Received<ModelUpdate>>> consumers;
    private final String run;
    private final WeightsPart part;

    PublishedUpdates(Supplier<Consumer<String, Received<ModelUpdate>>> consumers, String run, WeightsPart part) {
        this.consumers = consumers;
        this.run = run;
        this.part = part;
    }

    /**
     * The updates of a run; each search has a consumer of its own.
     *
     * @param part which of an update's weights are meant
     */
    public static PublishedUpdates of(KafkaSettings kafka, String run, WeightsPart part) {
        return new PublishedUpdates(
                () -> kafka.reader(new StringDeserializer(), WireFormat.of(ModelUpdate.class).receiver()), run, part);
    }

    /** The newest update, or nothing. */
    public Optional<Update> newest() {
        return search(chunk -> true);
    }

    /** The update of this identity, or nothing if it is not kept any more. */
    public Optional<Update> find(UpdateIdentity identity) {
        return search(chunk -> identity(chunk).equals(identity));
    }

    /** The newest update of this {@code nextBatch}, or nothing if it is not kept any more. */
    public Optional<Update> at(long nextBatch) {
        return search(chunk -> chunk.getNextBatch() == nextBatch);
    }

    /**
     * The update at a step, of the newest incarnation that has it.
     *
     * @throws IllegalArgumentException if there is none, naming the steps that there are
     */
    public Update atStep(long step) {
        NavigableSet<Long> steps = new TreeSet<>();
        // a search that finds nothing has seen every update
        return search(chunk -> {
            steps.add(chunk.getStep());
            return chunk.getStep() == step;
        }).orElseThrow(() -> new IllegalArgumentException(
                "step: '" + step + "' is not allowed; allowed: the steps of the updates that run " + run + " keeps: "
                        + describe(steps, step)));
    }

    static String describe(NavigableSet<Long> steps, long wanted) {
        if (steps.size() <= FEW) {
            return steps.isEmpty() ? "none yet" : steps.stream().map(String::valueOf).collect(Collectors.joining(", "));
        }
        NavigableSet<Long> nearest = new TreeSet<>();
        Optional.ofNullable(steps.lower(wanted)).ifPresent(nearest::add);
        Optional.ofNullable(steps.higher(wanted)).ifPresent(nearest::add);
        return steps.size() + " from " + steps.first() + " to " + steps.last() + ", the nearest "
                + nearest.stream().map(String::valueOf).collect(Collectors.joining(" and "));
    }

    private Optional<Update> search(Predicate<ModelUpdate> wanted) {
        try (Consumer<String, Received<ModelUpdate>> consumer = consumers.get()) {
            TopicPartition partition = new TopicPartition(RunTopic.MODEL_UPDATES.of(run), 0);
            return TopicTail.newest(consumer, partition, () -> new UpdateAssembler(part, wanted, SetAside.LOGGED), () -> false);
        }
    }

    private static UpdateIdentity identity(ModelUpdate chunk) {
        return new UpdateIdentity(chunk.getIncarnation(), chunk.getStep());
    }
}

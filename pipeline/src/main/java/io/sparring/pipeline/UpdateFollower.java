package io.sparring.pipeline;

import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WeightsPart;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the newest update of a run at hand, read on a thread of its own so that whoever crafts or evaluates never waits
 * for it. Older updates that arrive meanwhile are skipped: only the newest is held, unless {@link RecentUpdates} are.
 */
public final class UpdateFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UpdateFollower.class);
    private static final Duration POLL = Duration.ofSeconds(5);

    private final Consumer<String, Received<ModelUpdate>> consumer;
    private final TopicPartition partition;
    private final WeightsPart part;
    private final Predicate<ModelUpdate> wanted;
    private final SetAside aside;
    private final java.util.function.Consumer<Update> taken;
    private final Thread thread;
    private volatile boolean closed;
    private Update newest;
    private RuntimeException failure;

    UpdateFollower(Consumer<String, Received<ModelUpdate>> consumer, String run, WeightsPart part,
            Predicate<ModelUpdate> wanted, SetAside aside) {
        this(consumer, run, part, wanted, aside, update -> { });
    }

    /** @param taken told of each update, on this follower's thread, before it is the newest */
    UpdateFollower(Consumer<String, Received<ModelUpdate>> consumer, String run, WeightsPart part,
            Predicate<ModelUpdate> wanted, SetAside aside, java.util.function.Consumer<Update> taken) {
        this.taken = taken;
        this.consumer = consumer;
        this.partition = new TopicPartition(RunTopic.MODEL_UPDATES.of(run), 0);
        this.part = part;
        this.wanted = wanted;
        this.aside = aside;
        this.thread = new Thread(this::follow, "update-follower");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /** Begins to follow the run's updates: the weights that training moves. */
    public static UpdateFollower start(KafkaSettings kafka, String run, Predicate<ModelUpdate> wanted) {
        return start(kafka, run, WeightsPart.WEIGHTS, wanted);
    }

    /** Begins to follow the weights that training moves, and holds more of them than the newest. */
    public static UpdateFollower start(KafkaSettings kafka, String run, RecentUpdates recent, SetAside aside) {
        return new UpdateFollower(kafka.follower(new StringDeserializer(), WireFormat.of(ModelUpdate.class).receiver()), run,
                WeightsPart.WEIGHTS, update -> true, aside, recent::add);
    }

    /** The same for those who watch a run: what is no update is only logged. */
    public static UpdateFollower start(KafkaSettings kafka, String run, WeightsPart part, Predicate<ModelUpdate> wanted) {
        return start(kafka, run, part, wanted, SetAside.LOGGED);
    }

    /**
     * Begins to follow the run's updates.
     *
     * @param part the weights that training moves, or their average, which only some runs have
     * @param aside where records go that are no chunk of an update
     */
    public static UpdateFollower start(KafkaSettings kafka, String run, WeightsPart part, Predicate<ModelUpdate> wanted,
            SetAside aside) {
        return start(kafka, run, part, wanted, aside, update -> { });
    }

    /**
     * Begins to follow the run's updates.
     *
     * @param part the weights that training moves, or their average, which only some runs have
     * @param aside where records go that are no chunk of an update
     * @param taken told of each update, on this follower's thread, before it is the newest
     */
    public static UpdateFollower start(KafkaSettings kafka, String run, WeightsPart part, Predicate<ModelUpdate> wanted,
            SetAside aside, java.util.function.Consumer<Update> taken) {
        return new UpdateFollower(kafka.follower(new StringDeserializer(), WireFormat.of(ModelUpdate.class).receiver()), run, part,
                wanted, aside, taken);
    }

    /**
     * The newest update, or nothing if there is none yet.
     *
     * @throws RuntimeException what ended the following, if anything did
     */
    public synchronized Optional<Update> newest() {
        if (failure != null) {
            throw failure;
        }
        return Optional.ofNullable(newest);
    }

    /** Waits until there is an update other than {@code known} (which may be null) or the time is over. */
    public synchronized Optional<Update> awaitOtherThan(Update known, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (failure == null && newest == known) {
            long millis = Math.max(0, deadline - System.nanoTime()) / 1_000_000;
            if (millis == 0) {
                break;
            }
            wait(millis);
        }
        return newest();
    }

    private void follow() {
        try (consumer) {
            while (!closed) {
                followFromTail();
            }
        } catch (WakeupException e) {
            LOG.debug("closed while waiting for updates");
        } catch (RuntimeException e) {
            fail(e);
        } catch (Error e) {
            // whoever waits for an update must hear of it
            fail(new IllegalStateException("cannot follow the updates: " + e, e));
        }
    }

    private void followFromTail() {
        try {
            TopicTail.newest(consumer, partition, this::newer, () -> closed).ifPresent(this::take);
            UpdateAssembler assembler = new UpdateAssembler(part, wanted, aside);
            while (!closed) {
                consumer.poll(POLL).forEach(record -> assembler.apply(record).ifPresent(this::take));
            }
        } catch (OffsetOutOfRangeException e) {
            LOG.info("updates that were not read yet are trimmed; going on with the newest");
        } catch (RetriableException e) {
            LOG.info("cannot read {} yet: {}", partition.topic(), e.getMessage());
        }
    }

    /** Shown the records in order, answers with an update that is newer than all before. */
    private Function<ConsumerRecord<String, Received<ModelUpdate>>, Optional<Update>> newer() {
        UpdateAssembler assembler = new UpdateAssembler(part, wanted, aside);
        Update[] last = new Update[1];
        return record -> assembler.apply(record).filter(update -> update.isNewerThan(last[0])).map(update -> last[0] = update);
    }

    private synchronized void take(Update update) {
        // a copy of an older one does not take its place
        if (update.isNewerThan(newest)) {
            taken.accept(update);
            newest = update;
            notifyAll();
        }
    }

    private synchronized void fail(RuntimeException e) {
        failure = e;
        notifyAll();
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

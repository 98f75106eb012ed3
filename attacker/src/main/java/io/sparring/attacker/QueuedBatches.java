package io.sparring.attacker;

import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clean batches that a share group hands to this attacker: one at a time, so that any number of attackers have something
 * to do and the lowest numbers are crafted first. A thread of its own renews the locks of what is held, however long it takes
 * to craft or has to wait for the window.
 *
 * <p>Giving a batch back that has to wait would use up one of its few deliveries. It is held on to, and one further member of
 * the group asks for another batch: so those held beyond the window hide neither what another partition has nor the batch of
 * an attacker that has died, which may be the one that the trainer waits for.
 */
final class QueuedBatches implements CleanBatches {

    private static final Logger LOG = LoggerFactory.getLogger(QueuedBatches.class);
    /** So long a batch waits before a further one is asked for. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** An idle member is answered every half second, a lock is renewed every few. */
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private final Supplier<QueueMember> joining;
    private final String group;
    private final int most;
    private final Clock clock;
    private final List<QueueMember> members = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService renewals = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "lock-renewal");
        thread.setDaemon(true);
        return thread;
    });
    private volatile RuntimeException failure;
    private ConsumerRecord<Long, Received<ImageBatch>> lowestBefore;
    private long since;

    /**
     * Joins the group.
     *
     * @param joining makes a member, which is closed with this
     * @param group what it is called
     * @param most members at a time
     */
    QueuedBatches(Supplier<QueueMember> joining, String group, int most, Clock clock) {
        this.joining = joining;
        this.group = group;
        this.most = most;
        this.clock = clock;
        members.add(joining.get());
        renewals.scheduleWithFixedDelay(this::renew, PATIENCE.toMillis(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void poll(Duration atMost) {
        if (failure != null) {
            throw failure;
        }
        members.get(0).poll(lowest().isPresent() ? Duration.ZERO : atMost);
        if (hasWaited()) {
            if (newest().held().isPresent() && members.size() < most) {
                LOG.info("asks for batch number {}: those held have to wait", members.size() + 1);
                members.add(joining.get());
            }
            newest().poll(atMost);
        }
    }

    @Override
    public Optional<ConsumerRecord<Long, Received<ImageBatch>>> lowest() {
        return members.stream().flatMap(member -> member.held().stream()).min(BY_NUMBER);
    }

    /** Lets go of a record whose answer is published. */
    void done(ConsumerRecord<Long, Received<ImageBatch>> record) {
        boolean accepted = false;
        for (QueueMember member : members) {
            accepted |= member.accept(record);
        }
        if (!accepted) {
            LOG.warn("batch {} is answered, but its lock was lost: another attacker may answer it too", record.key());
        }
        // the window has moved: whoever was asked for more and holds nothing is of no use any longer
        for (QueueMember member : List.copyOf(members).subList(1, members.size())) {
            if (member.held().isEmpty()) {
                members.remove(member);
                member.close();
            }
        }
    }

    @Override
    public Optional<String> problem() {
        long heard = members.stream().mapToLong(QueueMember::heardAt).max().orElse(Long.MIN_VALUE);
        if (heard == Long.MIN_VALUE) {
            return Optional.of("the queue " + group + " of clean batches has not answered yet");
        }
        long silent = clock.millis() - heard;
        return silent <= SILENCE.toMillis() ? Optional.empty()
                : Optional.of("the queue " + group + " of clean batches has not answered for " + silent / 1000 + " s");
    }

    /** Takes the locks anew of what is held, where it is time. */
    void renew() {
        for (QueueMember member : members) {
            try {
                member.renew();
            } catch (RuntimeException e) {
                // the service's thread ends with it
                failure = e;
            }
        }
    }

    @Override
    public void close() {
        renewals.shutdown();
        try {
            renewals.awaitTermination(SILENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        members.forEach(QueueMember::close);
    }

    private QueueMember newest() {
        return members.get(members.size() - 1);
    }

    /** Whether the lowest held batch has been that for long, so that it cannot be crafted yet. */
    private boolean hasWaited() {
        ConsumerRecord<Long, Received<ImageBatch>> lowest = lowest().orElse(null);
        if (lowest != lowestBefore) {
            lowestBefore = lowest;
            since = clock.millis();
        }
        return lowest != null && clock.millis() - since >= PATIENCE.toMillis();
    }
}

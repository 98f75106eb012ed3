package io.sparring.attacker;

import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clean batches that a share group hands to this attacker, as a rule one at a time: so any number of attackers have something
 * to do and the lowest numbers are crafted first. A thread of its own renews the locks of what is held, however long it takes
 * to craft or has to wait for the window.
 *
 * <p>The group gives one partition to each member, so there are as many members here as partitions, asked in turn; else who
 * holds a batch beyond the window would not see what the other partitions have. Giving such a batch back would use up one of
 * its few deliveries: it is kept, and when it has waited for a while the next member is asked too. With that a batch that
 * comes back from an attacker that has died is found though all others are held up.
 */
final class QueuedBatches implements CleanBatches {

    private static final Logger LOG = LoggerFactory.getLogger(QueuedBatches.class);
    /** So long a batch waits before a further one is asked for. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** An idle member is answered every half second, a lock is renewed every few. */
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private final String group;
    private final Clock clock;
    private final List<QueueMember> members;
    private final ScheduledExecutorService renewals = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "lock-renewal");
        thread.setDaemon(true);
        return thread;
    });
    private volatile RuntimeException failure;
    private ConsumerRecord<Long, Received<ImageBatch>> lowestBefore;
    private long since;
    private int turn;

    /**
     * @param members of the group, closed with this
     * @param group what it is called
     */
    QueuedBatches(List<QueueMember> members, String group, Clock clock) {
        this.members = List.copyOf(members);
        this.group = group;
        this.clock = clock;
        renewals.scheduleWithFixedDelay(this::renew, PATIENCE.toMillis(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void poll(Duration atMost) {
        if (failure != null) {
            throw failure;
        }
        boolean more = lowest().isEmpty() || hasWaited();
        for (int tried = 0; more && tried < members.size(); tried++) {
            QueueMember member = members.get(turn);
            turn = (turn + 1) % members.size();
            if (member.held().isEmpty()) {
                member.poll(atMost);
                more = false;
            }
        }
        members.forEach(QueueMember::collect);
        hasWaited();
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
                member.collect();
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

package io.sparring.trainer;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * Which of several trainers leads: the one that holds the only partition of the topic {@code leader} in a consumer group.
 * The group's session is short, so another takes over soon after the leader is gone. Leadership alone protects nothing: what
 * keeps a former leader from publishing is the transactional id that the new one takes first.
 */
final class Leadership implements AutoCloseable {

    /** A leader that is killed is succeeded after this long. */
    static final int SESSION_MILLIS = 6_000;
    /** In which a large network on a few cores takes a step. A leader that hangs is followed by another after that. */
    static final Duration LONGEST_WORK = Duration.ofMinutes(15);

    private final Consumer<?, ?> consumer;
    private boolean leads;

    /** @param consumer a member of the trainers' group; closed with this */
    Leadership(Consumer<?, ?> consumer, String topic) {
        this.consumer = consumer;
        consumer.subscribe(List.of(topic), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                // the topic is empty and stays so: nothing is to be read, and a position is only what polling asks for
                consumer.seekToBeginning(partitions);
                consumer.pause(partitions);
                leads = leads || !partitions.isEmpty();
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                leads = leads && partitions.isEmpty();
            }
        });
    }

    /** Takes part in the group's life for at most so long and says whether this trainer leads now. */
    boolean leads(Duration atMost) {
        consumer.poll(atMost);
        return leads;
    }

    @Override
    public void close() {
        consumer.close();
    }
}

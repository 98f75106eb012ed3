package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeadershipTest {

    private static final TopicPartition PARTITION = new TopicPartition("tiny.leader", 0);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final Leadership leadership = new Leadership(consumer, "tiny.leader");

    @BeforeEach
    void begin() {
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    }

    @Test
    void isAMemberOfTheGroupButLeadsNothingAtFirst() {
        assertThat(consumer.subscription()).containsExactly("tiny.leader");
        assertThat(leads()).isFalse();
    }

    @Test
    void leadsAsLongAsItHasThePartition() {
        rebalanceWhilePolling(List.of(PARTITION));
        assertThat(leads()).isTrue();
        assertThat(leads()).isTrue();
        rebalanceWhilePolling(List.of());
        assertThat(leads()).isFalse();
        assertThat(leads()).isFalse();
        rebalanceWhilePolling(List.of(PARTITION));
        assertThat(leads()).isTrue();
    }

    @Test
    void aRebalanceThatLeavesItWithNothingGivesItNothing() {
        rebalanceWhilePolling(List.of());
        assertThat(leads()).isFalse();
    }

    @Test
    void aRebalanceThatChangesNothingTakesNothing() {
        rebalanceWhilePolling(List.of(PARTITION));
        leads();
        rebalanceWhilePolling(List.of(PARTITION));
        assertThat(leads()).isTrue();
    }

    /** It would ask the broker for what never comes. */
    @Test
    void readsNothingOfTheTopic() {
        rebalanceWhilePolling(List.of(PARTITION));
        leads();
        assertThat(consumer.paused()).containsExactly(PARTITION);
    }

    @Test
    void waitsAsLongAsItIsTold() {
        leadership.leads(Duration.ofMillis(200));
        assertThat(consumer.lastPollTimeout()).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void leavesTheGroupWhenItIsClosed() {
        leadership.close();
        assertThat(consumer.closed()).isTrue();
    }

    private void rebalanceWhilePolling(List<TopicPartition> partitions) {
        consumer.schedulePollTask(() -> consumer.rebalance(partitions));
    }

    private boolean leads() {
        return leadership.leads(Duration.ZERO);
    }
}

package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class NumberedTrimmingTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Long> deleted = new ArrayList<>();
    private KafkaFutureImpl<Void> answer = new KafkaFutureImpl<>();
    private final NumberedTrimming trimming = new NumberedTrimming("t.incoming-images", records -> {
        deleted.add(records.get(new TopicPartition("t.incoming-images", 0)).beforeOffset());
        return answer;
    }, meters);

    @Test
    void asksForOneDeletionAtATimeAndAgainAfterAFailure() {
        trimming.numbered(8);
        trimming.numbered(16);
        assertThat(deleted).containsExactly(8L);
        KafkaFutureImpl<Void> first = answer;
        answer = new KafkaFutureImpl<>();
        first.completeExceptionally(new TimeoutException("away"));
        assertThat(meters.get("sparring.trimming.failures").counter().count()).isEqualTo(1);
        trimming.numbered(24);
        answer.complete(null);
        trimming.numbered(32);
        assertThat(deleted).containsExactly(8L, 24L, 32L);
        assertThat(meters.get("sparring.trimming.failures").counter().count()).isEqualTo(1);
    }
}

package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrimmedRecordsTest {

    private final LogConsumer<String, String> log = new LogConsumer<>("run.clean-batches");
    private final TopicPartition partition = log.partition(0);

    @BeforeEach
    void fill() {
        for (int i = 0; i < 20; i++) {
            log.append(0, "k" + i, "v" + i);
        }
        log.assign(List.of(partition));
    }

    @Test
    void aReaderThatNeedsThemNoMoreGoesOnBehindThem() {
        TrimmedRecords.skip(log, lost(5));
        assertThat(log.position(partition)).isEqualTo(12);
        assertThat(log.poll(Duration.ZERO).iterator().next().value()).isEqualTo("v12");
    }

    @Test
    void oneThatIsLostOtherwiseDoesNot() {
        OffsetOutOfRangeException lost = lost(77);
        assertThatThrownBy(() -> TrimmedRecords.skip(log, lost)).isSameAs(lost);
    }

    @Test
    void theErrorNamesTopicPartitionAndOffsets() {
        OffsetOutOfRangeException lost = lost(5);
        assertThat(TrimmedRecords.error(log, lost)).hasMessageStartingWith(
                "lost position: run.clean-batches-0 offset 5 is wanted, the first is 12; ").hasCause(lost);
    }

    private OffsetOutOfRangeException lost(long offset) {
        log.trim(0, 12);
        return new OffsetOutOfRangeException(Map.of(partition, offset));
    }
}

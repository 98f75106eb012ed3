package io.sparring.attacker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class GroupedBatchesTest {

    private static final Duration WAIT = Duration.ofMillis(100);

    private final CleanBatchLog consumer = new CleanBatchLog(3, 1);
    private final GroupedBatches batches = new GroupedBatches(consumer, CleanBatchLog.TOPIC);

    @Test
    void givesTheLowestNumberOfAllPartitionsFirst() {
        consumer.own(0, 1, 2);
        consumer.append(List.of(6L, 4L, 7L, 2L, 5L, 8L));

        assertThat(drain()).containsExactly(2L, 4L, 5L, 6L, 7L, 8L);
        assertThat(batches.lowest()).isEmpty();
    }

    @Test
    void givesARecordWithoutANumberBeforeAll() {
        consumer.own(0, 1, 2);
        consumer.append(List.of(0L, 2L));
        consumer.append(1, null, null);

        assertThat(drain()).containsExactly(null, 0L, 2L);
    }

    @Test
    void pausesAPartitionOfWhichTwoAreHeldUntilOneIsTaken() {
        consumer.own(0, 1);
        consumer.append(List.of(0L, 3L, 6L, 9L));
        poll(4);
        assertThat(consumer.paused()).containsExactly(CleanBatchLog.tiny(0));
        assertThat(consumer.position(CleanBatchLog.tiny(0))).isEqualTo(2);

        consumer.append(List.of(1L));
        batches.take(batches.lowest().orElseThrow());
        poll(1);
        assertThat(consumer.paused()).isEmpty();
        assertThat(consumer.position(CleanBatchLog.tiny(0))).isEqualTo(3);
        assertThat(consumer.position(CleanBatchLog.tiny(1))).isEqualTo(1);
        assertThat(drain()).containsExactly(1L, 3L, 6L, 9L);
    }

    @Test
    void waitsForRecordsOnlyIfItHoldsNone() {
        consumer.own(0);
        batches.poll(WAIT);
        assertThat(consumer.lastPollTimeout()).isEqualTo(WAIT);
        consumer.append(List.of(0L));
        batches.poll(WAIT);
        batches.poll(WAIT);
        assertThat(consumer.lastPollTimeout()).isEqualTo(Duration.ZERO);
    }

    @Test
    void forgetsThePartitionsThatGoToOthers() {
        consumer.own(0, 1);
        consumer.append(List.of(0L, 1L, 3L, 4L));
        poll(2);
        assertThat(batches.problem()).isEmpty();
        ConsumerRecord<Long, Received<ImageBatch>> ofPartition0 = batches.lowest().orElseThrow();

        consumer.own(1, 2);
        assertThat(batches.problem()).isEmpty();
        assertThat(batches.take(ofPartition0)).isFalse();
        consumer.append(List.of(2L));
        assertThat(drain()).containsExactly(1L, 2L, 4L);

        consumer.own();
        assertThat(batches.problem()).hasValue("no partition of clean-batches is assigned");
        assertThat(batches.lowest()).isEmpty();
    }

    @Test
    void goesOnAtTheCommittedPositionAndAtTheBeginningWhereThereIsNone() {
        consumer.append(LongStream.range(0, 9).boxed().toList());
        consumer.commit(0, 2);
        consumer.commit(2, 3);
        consumer.updateBeginningOffsets(Map.of(CleanBatchLog.tiny(1), 1L));
        consumer.own(0, 1, 2);

        assertThat(drain()).containsExactly(4L, 6L, 7L);
    }

    @Test
    void readsAgainFromTheCommittedPositionsOnceATransactionHasFailed() {
        consumer.own(0, 1);
        consumer.append(List.of(0L, 1L, 3L, 4L, 6L));
        poll(3);
        batches.take(batches.lowest().orElseThrow());
        consumer.commit(0, 1);
        batches.take(batches.lowest().orElseThrow());
        poll(2);

        batches.rewind();
        assertThat(batches.lowest()).isEmpty();
        assertThat(drain()).containsExactly(1L, 3L, 4L, 6L);
    }

    @Test
    void goesOnBehindWhatHasBeenTrimmed() {
        consumer.append(List.of(0L, 3L, 6L, 9L, 1L));
        consumer.commit(0, 1);
        consumer.updateBeginningOffsets(Map.of(CleanBatchLog.tiny(0), 2L));
        consumer.own(0, 1);
        assertThat(drain()).as("3 has its outcome").containsExactly(1L, 6L, 9L);
    }

    @Test
    void ownsAPartitionAgainThatItHadBefore() {
        consumer.append(List.of(0L, 3L));
        consumer.own(0);
        poll(3);
        consumer.own();
        consumer.commit(0, 1);
        consumer.own(0);
        assertThat(drain()).containsExactly(3L);
    }

    @Test
    void thePositionBehindARecordIsTheNextOffset() {
        assertThat(GroupedBatches.after(new ConsumerRecord<>(CleanBatchLog.TOPIC, 2, 41, 125L, null)))
                .containsExactly(entry(CleanBatchLog.tiny(2), new OffsetAndMetadata(42)));
    }

    @Test
    void closesItsConsumer() {
        batches.close();
        assertThat(consumer.closed()).isTrue();
    }

    private void poll(int times) {
        for (int i = 0; i < times; i++) {
            batches.poll(WAIT);
        }
    }

    /** The numbers in the order in which they come, when each is done at once. */
    private List<Long> drain() {
        List<Long> numbers = new ArrayList<>();
        poll(2);
        for (Optional<ConsumerRecord<Long, Received<ImageBatch>>> next; (next = batches.lowest()).isPresent(); poll(2)) {
            numbers.add(next.get().key());
            batches.take(next.get());
        }
        return numbers;
    }
}

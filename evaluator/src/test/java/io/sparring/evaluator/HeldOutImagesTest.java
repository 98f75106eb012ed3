package io.sparring.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeldOutImagesTest {

    private static final String TOPIC = "tiny.held-out-batches";

    private final MockConsumer<Long, Received<ImageBatch>> consumer = new MockConsumer<>("none");
    private final Map<Long, String> aside = new TreeMap<>();
    private final RunSpecification run = RunFile.read(null, Map.of(), Map.of("run", "tiny", "partitions", "2",
            "data.heldOutImages", "320", "data.heldOutBatchSize", "32"));
    private final HeldOutImages images = new HeldOutImages(consumer, run,
            batch -> Optional.of("too wide").filter(problem -> batch.getWidth() > 8),
            (record, bytes, reason) -> aside.put(record.offset(), (bytes == null ? "" : bytes.length + " bytes: ") + reason));

    @BeforeEach
    void begin() {
        consumer.updateBeginningOffsets(Map.of(partition(0), 0L, partition(1), 5L));
    }

    @Test
    void holdsTheBatchesOfItsPartitionsByNumber() {
        own(0, 1);
        append(0, 2, 2L, Received.readable(TinyRun.batch(2)));
        append(0, 3, 0L, Received.readable(TinyRun.batch(0)));
        append(1, 5, 1L, Received.readable(TinyRun.batch(1)));
        assertThat(numbers()).containsExactly(0L, 1L, 2L);
        assertThat(images.batches()).first().isEqualTo(TinyRun.batch(0));
        assertThat(numbers()).as("held, not read again").containsExactly(0L, 1L, 2L);
    }

    @Test
    void readsItsPartitionsFromTheirBeginningThoughOthersReadThemBefore() {
        own(0, 1);
        images.poll(Duration.ZERO);
        assertThat(consumer.position(partition(0))).isZero();
        assertThat(consumer.position(partition(1))).isEqualTo(5);
    }

    @Test
    void letsGoOfThePartitionsThatGoToOthersAndReadsThemAnewWhenTheyComeBack() {
        own(0, 1);
        append(0, 0, 0L, Received.readable(TinyRun.batch(0)));
        append(1, 5, 1L, Received.readable(TinyRun.batch(1)));
        assertThat(numbers()).containsExactly(0L, 1L);
        own(1);
        assertThat(numbers()).containsExactly(1L);
        own();
        assertThat(numbers()).isEmpty();
        own(0);
        append(0, 0, 0L, Received.readable(TinyRun.batch(0)));
        assertThat(numbers()).containsExactly(0L);
    }

    @Test
    void passesOverWhatCannotBeUsed() {
        own(0);
        append(0, 0, 0L, Received.unreadable(new byte[2], "damaged"));
        append(0, 1, 2L, null);
        append(0, 2, null, Received.readable(TinyRun.batch(2)));
        append(0, 3, 4L, Received.readable(ImageBatch.newBuilder(TinyRun.batch(4)).setSha256("0".repeat(64)).build()));
        append(0, 4, 6L, Received.readable(TinyRun.batch(6)));
        append(0, 5, 7L, Received.readable(TinyRun.batch(7)));
        append(0, 6, 10L, Received.readable(TinyRun.batch(10)));
        append(0, 7, 8L, Received.readable(TinyRun.batch(8, 9, 4)));
        assertThat(numbers()).containsExactly(6L);
        assertThat(aside).hasSize(7).containsEntry(0L, "2 bytes: damaged")
                .containsEntry(1L, "the record is empty; allowed: an ImageBatch");
        assertThat(aside.get(2L)).endsWith("batchNumber: 2; allowed: the record's key, which is null");
        assertThat(aside.get(3L)).contains(" bytes: sha256: 000");
        assertThat(aside.get(5L)).endsWith("key: 7; allowed: a batch number of partition 0 below 10");
        assertThat(aside.get(6L)).endsWith("key: 10; allowed: a batch number of partition 0 below 10");
        assertThat(aside.get(7L)).endsWith("too wide");
    }

    @Test
    void keepsTheFirstCopyOfANumber() {
        own(0);
        append(0, 0, 0L, Received.readable(TinyRun.batch(0)));
        append(0, 1, 0L, Received.readable(ImageBatch.newBuilder(TinyRun.batch(0)).setEpoch(9).build()));
        assertThat(numbers()).containsExactly(0L);
        assertThat(images.batches()).containsExactly(TinyRun.batch(0));
        assertThat(aside).containsExactly(Map.entry(1L, "a duplicate of held-out batch 0, which is at offset 0"));
        own();
        own(0);
        append(0, 0, 0L, Received.readable(TinyRun.batch(0)));
        images.poll(Duration.ZERO);
        assertThat(aside).as("the same record, read again").hasSize(1);
    }

    @Test
    void closesItsConsumer() {
        images.close();
        assertThat(consumer.closed()).isTrue();
    }

    private void own(int... partitions) {
        consumer.rebalance(IntStream.of(partitions).mapToObj(HeldOutImagesTest::partition).toList());
    }

    private void append(int partition, long offset, Long key, Received<ImageBatch> value) {
        consumer.addRecord(new ConsumerRecord<>(TOPIC, partition, offset, key, value));
    }

    private List<Long> numbers() {
        images.poll(Duration.ZERO);
        return images.batches().stream().map(ImageBatch::getBatchNumber).toList();
    }

    private static TopicPartition partition(int partition) {
        return new TopicPartition(TOPIC, partition);
    }
}

package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RecordedBatchesTest {

    private static final int BATCHES = 300;
    private static final ImageBatch ANY = TinyRun.clean(0);

    private final RecordLog<Long, ImageBatch> log = new RecordLog<>("tiny.clean-batches", 2, 16);

    @Test
    void givesRecordsInAnyOrderByOffsetAndByNumber() {
        LongStream.range(0, BATCHES).forEach(number -> log.append(number, ANY));
        for (int seed = 0; seed < 20; seed++) {
            List<Long> order = new ArrayList<>(LongStream.range(0, BATCHES).boxed().toList());
            Random random = new Random(seed);
            if (seed % 2 == 0) {
                Collections.shuffle(order, random);
            } else {
                // near that of the log, as a trainer in order of arrival takes them
                order.sort((one, other) -> Long.compare(one / 9, other / 9));
            }
            try (RecordedBatches<ImageBatch> batches = batches()) {
                for (long number : order) {
                    ConsumerRecord<Long, Received<ImageBatch>> record = random.nextBoolean()
                            ? batches.copy(number, copy -> true) : batches.at(number, number / 2);
                    assertThat(record.key()).as("seed %d", seed).isEqualTo(number);
                    assertThat(record.offset()).as("seed %d", seed).isEqualTo(number / 2);
                    batches.done(record);
                }
            }
        }
    }

    @Test
    void theFirstCopyThatIsOfUse() {
        for (long number : new long[] {0, 2, 2, 4, 2, 6}) {
            log.append(number, ANY);
        }
        log.append(0, null, null);
        log.append(0, 7L, null);
        try (RecordedBatches<ImageBatch> batches = batches()) {
            assertThat(batches.copy(2, copy -> true).offset()).isEqualTo(1);
            assertThat(batches.copy(2, copy -> copy.offset() > 2).offset()).isEqualTo(4);
            assertThat(batches.copy(6, copy -> true).offset()).isEqualTo(5);
            assertThatIllegalStateException().isThrownBy(() -> batches.copy(2, copy -> false))
                    .withMessageStartingWith("batch 2 is not in the log: wanted of tiny.clean-batches-0 at ");
            assertThatIllegalStateException().as("in the other's partition").isThrownBy(() -> batches.copy(7, copy -> true));
        }
    }

    @Test
    void anOffsetOfAnotherBatchOrBeyondTheEndIsNone() {
        log.append(0, ANY);
        log.append(2, ANY);
        try (RecordedBatches<ImageBatch> batches = batches()) {
            for (long offset : new long[] {0, 2, 1_000}) {
                assertThatIllegalStateException().isThrownBy(() -> batches.at(2, offset)).withMessage("batch 2 is not in the log: "
                        + "wanted of tiny.clean-batches-0 at offset " + offset + "; the first offset is 0");
            }
        }
    }

    private RecordedBatches<ImageBatch> batches() {
        return new RecordedBatches<>(log.again(), "tiny.clean-batches", List.of(0L, 0L));
    }
}

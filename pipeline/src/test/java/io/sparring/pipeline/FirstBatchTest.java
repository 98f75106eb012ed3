package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.Split;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FirstBatchTest {

    private static final String TOPIC = "run.held-out-batches";

    private final LogConsumer<Long, Received<ImageBatch>> log = new LogConsumer<>(TOPIC);

    @Test
    void isTheFirstThatCanBeRead() {
        log.append(0, 0L, null);
        log.append(0, 1L, Received.unreadable(new byte[2], "damaged"));
        log.append(0, 2L, Received.readable(batch(2)));
        log.append(0, 3L, Received.readable(batch(3)));

        assertThat(FirstBatch.read(log, TOPIC)).contains(batch(2));
        assertThat(FirstBatch.await(log, TOPIC, () -> false)).contains(batch(2));
    }

    @Test
    void isNothingWhereThereIsNone() {
        assertThat(FirstBatch.read(log, TOPIC)).isEmpty();
        log.append(0, 1L, Received.unreadable(new byte[2], "damaged"));
        assertThat(FirstBatch.read(log, TOPIC)).isEmpty();
    }

    @Test
    void isWaitedFor() throws Exception {
        CompletableFuture<Object> first = CompletableFuture.supplyAsync(() -> FirstBatch.await(log, TOPIC, () -> false));
        log.append(0, 0L, Received.readable(batch(0)));

        assertThat(first.get(1, TimeUnit.MINUTES).toString()).contains("batchNumber");
    }

    @Test
    void isNotWaitedForByWhoIsStopped() {
        AtomicInteger looks = new AtomicInteger();

        assertThat(FirstBatch.await(log, TOPIC, () -> looks.incrementAndGet() > 2)).isEmpty();
    }

    private static ImageBatch batch(long number) {
        ByteBuffer pixels = ByteBuffer.wrap(new byte[2 * 3]);
        return new ImageBatch(number, Split.HELD_OUT, 0L, 2, 3, 1, 10, List.of(1), pixels, Sha256.of(pixels, List.of(1)),
                Instant.EPOCH, null, null);
    }
}

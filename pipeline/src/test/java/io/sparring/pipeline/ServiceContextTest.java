package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServiceContextTest {

    private final ServiceContext context = new ServiceContext("a-1", null, null);

    @Test
    void isToldToStopOnceAndForAll() throws InterruptedException {
        assertThat(context.stopping()).isFalse();
        assertThat(context.awaitStop(Duration.ofMillis(1))).isFalse();
        context.stop();
        context.stop();
        assertThat(context.stopping()).isTrue();
        assertThat(context.awaitStop(Duration.ofDays(1))).isTrue();
    }

    @Test
    void whoWaitsIsWokenByStopping() throws Exception {
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return context.awaitStop(Duration.ofSeconds(60));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        context.stop();
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
    }
}

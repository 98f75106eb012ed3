package io.sparring.pipeline;

import io.sparring.schemas.ServiceState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.MDC;

/** Works until it is stopped, or fails when the test tells it to. */
final class FakeService implements Service {

    final CompletableFuture<ServiceContext> started = new CompletableFuture<>();
    volatile Exception exception;
    volatile Error error;
    volatile String notReady;
    volatile String runInLog;
    volatile boolean stopped;

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public void run(ServiceContext context) throws Exception {
        runInLog = MDC.get("run");
        context.status().state(ServiceState.RUNNING);
        context.status().handled(128);
        started.complete(context);
        while (!context.awaitStop(Duration.ofMillis(10))) {
            if (error != null) {
                throw error;
            }
            if (exception != null) {
                throw exception;
            }
        }
        stopped = true;
    }

    @Override
    public Optional<String> notReady() {
        return Optional.ofNullable(notReady);
    }
}

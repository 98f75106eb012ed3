package io.sparring.pipeline;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sparring.schemas.RunState;
import io.sparring.schemas.ServiceState;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * A process with one service in it: a Vert.x application that serves health and metrics and sends a heartbeat, while the
 * service works on a thread of its own.
 */
public final class ServiceHost implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceHost.class);
    /** A batch under way is finished first, which takes a second or so; longer than this, something hangs. */
    private static final long STOP_SECONDS = 25;

    private final Vertx vertx;
    private final ServiceContext context;
    private final Tracing tracing;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Heartbeat heartbeat;
    private final DeadLetterBox aside;
    private final RunFollower requests;
    private final ServiceVerticle verticle;
    private final Thread thread;
    private volatile RuntimeException deaf;

    private ServiceHost(Service service, String run, String instance, KafkaSettings kafka, HttpSettings http, Tracing tracing) {
        this.tracing = tracing;
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        meters.config().commonTags("run", run, "service", service.name(), "instance_name", instance);
        new ProcessorMetrics().bindTo(meters);
        new JvmMemoryMetrics().bindTo(meters);
        StatusBoard status = new StatusBoard(Clock.systemUTC(), meters);
        // before Vert.x, which would be left running where Kafka refuses the settings
        heartbeat = new Heartbeat(kafka, run, service.name(), instance, status);
        aside = new DeadLetterBox(kafka, run, meters);
        requests = new RunFollower(kafka, run, this::heard, this::fail, aside);
        context = new ServiceContext(instance, status, meters, requests::requests, aside, tracing);
        vertx = Vertx.builder().with(new VertxOptions().setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true)))
                .withMetrics(new MicrometerMetricsFactory(meters)).build();
        ServiceEndpoints endpoints = new ServiceEndpoints(service, status, meters, () -> !ended.isDone(), heartbeat::problem);
        verticle = new ServiceVerticle(endpoints, http, heartbeat);
        thread = new Thread(() -> work(service, run), service.name());
    }

    /**
     * Starts the service.
     *
     * @param run name of the run
     * @param instance name of the process, unique in the run
     */
    public static ServiceHost start(Service service, String run, String instance, KafkaSettings kafka, HttpSettings http) {
        return start(service, run, instance, kafka, http, Tracing.OFF);
    }

    /**
     * Starts the service.
     *
     * @param run name of the run
     * @param instance name of the process, unique in the run
     * @param tracing makes its spans; closed with this
     */
    public static ServiceHost start(Service service, String run, String instance, KafkaSettings kafka, HttpSettings http,
            Tracing tracing) {
        ServiceHost host = new ServiceHost(service, run, instance, kafka, http, tracing);
        try {
            host.vertx.deployVerticle(host.verticle).toCompletionStage().toCompletableFuture().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            host.vertx.close();
            host.heartbeat.close();
            host.requests.close();
            tracing.close();
            throw new IllegalStateException("http: cannot listen on " + http.host() + ":" + http.port() + ": "
                    + e.getCause().getMessage(), e.getCause());
        }
        LOG.info("{} {} of run {} at http://{}", service.name(), instance, run, host.address());
        host.requests.start();
        host.thread.start();
        return host;
    }

    /** Host and port of the endpoints. */
    public String address() {
        return verticle.address();
    }

    /** Ends when the service's thread does, with what it failed with, if it did. */
    public CompletableFuture<Void> ended() {
        return ended;
    }

    private void heard(RunRequests asked) {
        if (asked.state() == RunState.STOPPED && !context.stopping()) {
            LOG.info("the run is stopped; `sparring resume` and starting its services again lets it go on");
            context.stop();
        }
    }

    /** Who cannot hear that the run is to stop must not go on with it; what the service itself fails with says more. */
    private void fail(RuntimeException failure) {
        deaf = failure;
        context.stop();
    }

    private void work(Service service, String run) {
        MDC.put("run", run);
        try {
            service.run(context);
            if (deaf != null) {
                throw deaf;
            }
            context.status().state(ServiceState.STOPPED);
            ended.complete(null);
        } catch (Throwable e) {
            // an Error too must end the process rather than leave a host without its service
            Throwable failure = KafkaRefusedException.in(e).map(Throwable.class::cast).orElse(e);
            if (!(failure instanceof IllegalArgumentException || failure instanceof KafkaRefusedException)) {
                // those say all there is to say; any other is looked for in the log
                LOG.error("the {} has failed", service.name(), e);
            }
            context.status().state(ServiceState.STOPPED);
            ended.completeExceptionally(failure);
        }
    }

    /** Tells the service to stop, waits until it has, and sends its last heartbeat. */
    @Override
    public void close() {
        context.stop();
        try {
            ended.handle((done, failure) -> done).get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the service did not stop within {} s", STOP_SECONDS, e);
        }
        requests.close();
        aside.close();
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the endpoints did not close within {} s", STOP_SECONDS, e);
        }
        tracing.close();
    }
}

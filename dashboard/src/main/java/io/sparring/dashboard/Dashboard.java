package io.sparring.dashboard;

import io.sparring.pipeline.HttpSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunSpecification;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The web page of one run. It only reads, so there may be any number of them for a run, on any machine. */
public final class Dashboard implements AutoCloseable {

    static final int MOST_STREAMS = 64;
    private static final Logger LOG = LoggerFactory.getLogger(Dashboard.class);
    private static final long PUSH_MILLIS = 1_000;
    private static final long BEAT_MILLIS = 5_000;
    private static final long STOP_SECONDS = 5;

    private final Vertx vertx;
    private final HttpSettings http;
    private final TopicReader reader;
    private final RunFacts facts;
    private final LiveSections sections;
    private final Clock clock;
    /** Of the event loop that the one server has. */
    private final Set<EventStream> streams = new LinkedHashSet<>();
    private HttpServer server;

    private Dashboard(RunFacts facts, TopicReader reader, HttpSettings http, Clock clock) {
        this.facts = facts;
        this.reader = reader;
        this.http = http;
        this.clock = clock;
        this.sections = new LiveSections(Long.toString(clock.millis(), Character.MAX_RADIX));
        this.vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2).setInternalBlockingPoolSize(2));
    }

    /**
     * Serves the page of a run.
     *
     * @param classNames of the run's data set, in the order of the labels; empty where they are not known
     * @throws IllegalStateException if it cannot listen there
     */
    public static Dashboard start(RunSpecification run, List<String> classNames, KafkaSettings kafka, HttpSettings http,
            Clock clock) {
        return start(RunFacts.of(run, classNames, kafka.toString()), new TopicReader(run.run(),
                () -> kafka.reader(new ByteArrayDeserializer(), new ByteArrayDeserializer()), clock), http, clock);
    }

    static Dashboard start(RunFacts facts, TopicReader reader, HttpSettings http, Clock clock) {
        Dashboard dashboard = new Dashboard(facts, reader, http, clock);
        try {
            dashboard.listen().toCompletionStage().toCompletableFuture().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            dashboard.vertx.close();
            throw new IllegalStateException("dashboard: cannot listen on " + http.host() + ":" + http.port() + ": "
                    + e.getCause().getMessage(), e.getCause());
        }
        reader.start();
        return dashboard;
    }

    private Future<?> listen() {
        PageRoutes routes = new PageRoutes(http, this::json, reader::state, this::open);
        return vertx.createHttpServer(new HttpServerOptions().setCompressionSupported(true))
                .requestHandler(routes.router(vertx)).listen(http.port(), http.host()).onSuccess(listening -> {
                    server = listening;
                    vertx.setPeriodic(PUSH_MILLIS, timer -> push());
                    vertx.setPeriodic(BEAT_MILLIS, timer -> streams.forEach(stream -> stream.beat(clock.millis())));
                });
    }

    /** Where the page is. */
    public String address() {
        String host = http.host().contains(":") && !http.host().startsWith("[") ? "[" + http.host() + "]" : http.host();
        return "http://" + host + ":" + server.actualPort() + "/";
    }

    /** Ends when the dashboard is closed, or with why it cannot read the run's topics any more. */
    public CompletableFuture<Void> ended() {
        return reader.ended();
    }

    private void open(RoutingContext request) {
        HttpServerResponse response = request.response();
        if (streams.size() >= MOST_STREAMS) {
            response.setStatusCode(503).putHeader("Content-Type", "text/plain; charset=utf-8")
                    .end("There are " + MOST_STREAMS + " open pages of this run, which is the most that are served\n");
            return;
        }
        response.setChunked(true).putHeader("Content-Type", "text/event-stream; charset=utf-8")
                .putHeader("Cache-Control", "no-store").putHeader("Content-Encoding", "identity").write("retry: 1000\n\n");
        EventStream stream = new EventStream(response, sections, sections.seen(request.request().getHeader("Last-Event-ID")));
        streams.add(stream);
        response.closeHandler(closed -> streams.remove(stream));
        response.exceptionHandler(failure -> streams.remove(stream));
        stream.beat(clock.millis());
        push();
    }

    private void push() {
        if (!streams.isEmpty()) {
            // what is made of thousands of records is made beside the event loop
            vertx.executeBlocking(() -> {
                update();
                return null;
            }).onComplete(made -> streams.forEach(EventStream::push),
                    failure -> LOG.warn("cannot show the run", failure));
        }
    }

    private void update() {
        Map<String, Object> now = new LinkedHashMap<>();
        now.put("run", facts);
        ReadingState state = reader.state();
        now.put("reading", state);
        if (state.caughtUp()) {
            // a page that was open before this process was keeps what it has until there is better
            now.putAll(reader.view().sections(clock.millis()));
        }
        sections.update(now);
    }

    private String json() {
        update();
        return sections.all();
    }

    @Override
    public void close() {
        reader.close();
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the dashboard did not close within {} s", STOP_SECONDS, e);
        }
    }
}

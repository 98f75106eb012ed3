package io.sparring.dashboard;

import io.sparring.pipeline.HttpSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What is served: the page's files, its state as JSON, events, and health. */
final class PageRoutes {

    /** The page's own files and nobody else's; nothing in it is inline. */
    static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

    private final HttpSettings http;
    private final Supplier<String> json;
    private final Supplier<ReadingState> reading;
    private final Consumer<RoutingContext> events;

    /**
     * @param json all that the page shows; may take a moment
     * @param events answers a request for events
     */
    PageRoutes(HttpSettings http, Supplier<String> json, Supplier<ReadingState> reading, Consumer<RoutingContext> events) {
        this.http = http;
        this.json = json;
        this.reading = reading;
        this.events = events;
    }

    Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.route().handler(this::guard);
        router.get("/events").handler(events::accept);
        router.get("/state").handler(request -> vertx.executeBlocking(json::get).onComplete(
                state -> answer(request, 200, state), request::fail));
        router.get("/health/live").handler(request -> answer(request, 200, "{\"status\":\"UP\"}"));
        router.get("/health/ready").handler(this::ready);
        router.get("/uplot/*").handler(StaticHandler.create("META-INF/resources/webjars/uplot/" + version() + "/dist"));
        router.get().handler(StaticHandler.create("io/sparring/dashboard/page"));
        return router;
    }

    /** A page of another origin that has its name resolved to this machine must not read what is served on loopback alone. */
    private void guard(RoutingContext request) {
        HttpServerResponse response = request.response();
        response.putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY).putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer").putHeader("Cache-Control", "no-cache");
        String host = request.request().authority() == null ? "" : request.request().authority().host();
        if (LOOPBACK.contains(http.host()) && !LOOPBACK.contains(host)) {
            response.setStatusCode(403).putHeader("Content-Type", "text/plain; charset=utf-8")
                    .end("Host: this page is served as localhost or 127.0.0.1 only\n");
            return;
        }
        request.next();
    }

    private void ready(RoutingContext request) {
        ReadingState state = reading.get();
        boolean ready = state.caughtUp() && state.problem() == null;
        answer(request, ready ? 200 : 503, ready ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\",\"reason\":\""
                + (state.problem() == null ? "The topics are being read." : state.problem()) + "\"}");
    }

    private static void answer(RoutingContext request, int status, String body) {
        request.response().setStatusCode(status).putHeader("Content-Type", "application/json").end(body);
    }

    /** That of the library in the class path, which is in the path of its files. */
    private static String version() {
        try (InputStream file = PageRoutes.class.getResourceAsStream("/META-INF/maven/org.webjars.npm/uplot/pom.properties")) {
            if (file == null) {
                throw new IllegalStateException("the WebJar org.webjars.npm:uplot is not in the class path");
            }
            Properties properties = new Properties();
            properties.load(file);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.sparring.pipeline;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** {@code /health/live}, {@code /health/ready} and {@code /metrics}. */
final class ServiceEndpoints {

    private final Service service;
    private final StatusBoard status;
    private final PrometheusMeterRegistry meters;
    private final BooleanSupplier alive;
    private final Supplier<Optional<String>> unreachable;

    /** @param unreachable why the cluster cannot be reached at the moment, if it cannot */
    ServiceEndpoints(Service service, StatusBoard status, PrometheusMeterRegistry meters, BooleanSupplier alive,
            Supplier<Optional<String>> unreachable) {
        this.service = service;
        this.status = status;
        this.meters = meters;
        this.alive = alive;
        this.unreachable = unreachable;
    }

    Router router(Vertx vertx, HttpSettings http) {
        Router router = Router.router(vertx);
        router.get("/health/live").handler(request -> answer(request, ended()));
        router.get("/health/ready").handler(request -> answer(request, ended().or(unreachable).or(service::notReady)));
        router.get("/metrics").handler(request -> request.response()
                .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8").end(meters.scrape()));
        service.addRoutes(router, http, meters);
        return router;
    }

    private Optional<String> ended() {
        return alive.getAsBoolean() ? Optional.empty() : Optional.of("the service's thread has ended");
    }

    private void answer(RoutingContext request, Optional<String> problem) {
        JsonObject body = new JsonObject().put("status", problem.isEmpty() ? "UP" : "DOWN")
                .put("service", service.name()).put("state", status.state().name());
        problem.ifPresent(reason -> body.put("reason", reason));
        request.response().setStatusCode(problem.isEmpty() ? 200 : 503)
                .putHeader("Content-Type", "application/json").end(body.encode());
    }
}

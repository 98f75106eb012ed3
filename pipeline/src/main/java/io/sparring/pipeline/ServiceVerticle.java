package io.sparring.pipeline;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;

/** A service's HTTP endpoints and the timer of its heartbeat. */
final class ServiceVerticle extends VerticleBase {

    private static final long HEARTBEAT_MILLIS = 2_000;

    private final ServiceEndpoints endpoints;
    private final HttpSettings http;
    private final Heartbeat heartbeat;
    private volatile HttpServer server;

    ServiceVerticle(ServiceEndpoints endpoints, HttpSettings http, Heartbeat heartbeat) {
        this.endpoints = endpoints;
        this.http = http;
        this.heartbeat = heartbeat;
    }

    @Override
    public Future<?> start() {
        return vertx.createHttpServer(HttpSettings.serverOptions())
                .requestHandler(endpoints.router(vertx, http)).listen(http.port(), http.host())
                .onSuccess(listening -> {
                    server = listening;
                    beat(0);
                });
    }

    /** The next beat waits for this one: a broker that is gone must not pile them up. */
    private void beat(long timer) {
        vertx.executeBlocking(() -> {
            heartbeat.send(address());
            return null;
        }).onComplete(sent -> vertx.setTimer(HEARTBEAT_MILLIS, this::beat));
    }

    @Override
    public Future<?> stop() {
        return vertx.executeBlocking(() -> {
            heartbeat.sendLast(address());
            heartbeat.close();
            return null;
        });
    }

    String address() {
        return http.host() + ":" + server.actualPort();
    }
}

package io.sparring.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.web.Router;
import java.util.Optional;

/** What one kind of process does. {@link ServiceHost} gives it a thread of its own, HTTP, metrics and a heartbeat. */
public interface Service {

    /** Kind of service: producer, attacker, trainer or evaluator. */
    String name();

    /**
     * Does the work until {@link ServiceContext#stopping()}, losing nothing when it is told to stop. Called once, on the
     * service's own thread, which alone uses its Kafka clients.
     *
     * @throws Exception what the service cannot go on after; the process ends with it
     */
    void run(ServiceContext context) throws Exception;

    /**
     * Adds what the service answers over HTTP beside health and metrics; by default nothing. Called once, before {@link #run}.
     *
     * @param http where the endpoints listen
     * @param meters where the service counts
     */
    default void addRoutes(Router router, HttpSettings http, MeterRegistry meters) {
    }

    /** Why the service cannot do its work at this moment, or nothing when it can. Called from another thread. */
    Optional<String> notReady();
}

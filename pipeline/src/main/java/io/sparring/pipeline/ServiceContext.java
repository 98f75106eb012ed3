package io.sparring.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What a running service has of its host. */
public final class ServiceContext {

    private final CountDownLatch stop = new CountDownLatch(1);
    private final String instance;
    private final StatusBoard status;
    private final MeterRegistry meters;
    private final Supplier<RunRequests> requests;
    private final SetAside aside;
    private final Tracing tracing;

    /** The context of a service that nobody asks for anything. */
    public ServiceContext(String instance, StatusBoard status, MeterRegistry meters) {
        this(instance, status, meters, () -> RunRequests.NONE);
    }

    /**
     * @param instance name of the process, unique in the run
     * @param requests what is asked of the run at the moment of asking
     */
    public ServiceContext(String instance, StatusBoard status, MeterRegistry meters, Supplier<RunRequests> requests) {
        this(instance, status, meters, requests, SetAside.LOGGED);
    }

    /**
     * @param instance name of the process, unique in the run
     * @param requests what is asked of the run at the moment of asking
     * @param aside where records go that the service cannot use
     */
    public ServiceContext(String instance, StatusBoard status, MeterRegistry meters, Supplier<RunRequests> requests,
            SetAside aside) {
        this(instance, status, meters, requests, aside, Tracing.OFF);
    }

    /**
     * @param instance name of the process, unique in the run
     * @param requests what is asked of the run at the moment of asking
     * @param aside where records go that the service cannot use
     * @param tracing makes the service's spans
     */
    public ServiceContext(String instance, StatusBoard status, MeterRegistry meters, Supplier<RunRequests> requests,
            SetAside aside, Tracing tracing) {
        this.instance = instance;
        this.status = status;
        this.meters = meters;
        this.requests = requests;
        this.aside = aside;
        this.tracing = tracing;
    }

    /** Name of the process, unique in the run. */
    public String instance() {
        return instance;
    }

    /** Where the service says how it is. */
    public StatusBoard status() {
        return status;
    }

    /** Where the service counts and measures. */
    public MeterRegistry meters() {
        return meters;
    }

    /** What is asked of the run now. */
    public RunRequests requests() {
        return requests.get();
    }

    /** Where the service puts records that it cannot use, unless it has a transaction to send their dead letters in. */
    public SetAside aside() {
        return aside;
    }

    /** Makes the service's spans, where it is to be traced. */
    public Tracing tracing() {
        return tracing;
    }

    /** Whether the service is to finish what it has begun and return. */
    public boolean stopping() {
        return stop.getCount() == 0;
    }

    /** Waits until the service is to stop, or the time is over; returns {@link #stopping()}. */
    public boolean awaitStop(Duration atMost) throws InterruptedException {
        return stop.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits likewise; whoever interrupts the wait ends the service. */
    public void pause(Duration atMost) {
        try {
            awaitStop(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
        }
    }

    /** Tells the service to stop. */
    public void stop() {
        stop.countDown();
    }
}

package io.sparring.pipeline;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.UpdateIdentity;
import java.time.Clock;
import java.time.Instant;

/** How a service is: written by its thread, read by the heartbeat, the health endpoints and the metrics. */
public final class StatusBoard {

    private final Clock clock;
    private final Rate images;
    private final Counter batchCounter;
    private final Counter imageCounter;
    private long batches;
    private ServiceState state = ServiceState.STARTING;
    private Long lag;
    private UpdateIdentity update;

    public StatusBoard(Clock clock, MeterRegistry meters) {
        this.clock = clock;
        this.images = new Rate(clock);
        this.batchCounter = Metric.BATCHES.counter(meters);
        this.imageCounter = Metric.IMAGES.counter(meters);
        Metric.STEP.gauge(meters, this, board -> board.update() == null ? Double.NaN : board.update().step());
        Metric.INCARNATION.gauge(meters, this, board -> board.update() == null ? Double.NaN : board.update().incarnation());
        Metric.LAG.gauge(meters, this, board -> board.lag() == null ? Double.NaN : board.lag());
        for (ServiceState each : ServiceState.values()) {
            Metric.STATE.gauge(meters, this, board -> board.state() == each ? 1 : 0, each.name());
        }
    }

    /** The service is now in {@code state}. */
    public synchronized void state(ServiceState newState) {
        state = newState;
    }

    public synchronized ServiceState state() {
        return state;
    }

    /** One more batch, of so many images, is done. */
    public synchronized void handled(int imagesOfBatch) {
        batches++;
        images.add(imagesOfBatch);
        batchCounter.increment();
        imageCounter.increment(imagesOfBatch);
    }

    /** So many batches wait for this service. */
    public synchronized void lag(long newLag) {
        lag = newLag;
    }

    synchronized Long lag() {
        return lag;
    }

    /** The service now works with this update. */
    public synchronized void update(UpdateIdentity newUpdate) {
        update = newUpdate;
    }

    synchronized UpdateIdentity update() {
        return update;
    }

    /** The heartbeat of this moment. */
    synchronized ServiceStatus heartbeat(String service, String instance, String address) {
        return new ServiceStatus(service, instance, state, address, batches, images.perSecond(), lag,
                update == null ? null : update.incarnation(), update == null ? null : update.step(),
                Instant.ofEpochMilli(clock.millis()));
    }
}

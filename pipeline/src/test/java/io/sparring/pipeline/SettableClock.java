package io.sparring.pipeline;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Stands still until told otherwise. For the tests of every service: see {@code test-jar} in the module's pom. */
public final class SettableClock extends Clock {

    private long millis;

    /** Shows some moment of the year 2023. */
    public SettableClock() {
        this(1_700_000_000_000L);
    }

    public SettableClock(long millis) {
        this.millis = millis;
    }

    public void forward(Duration time) {
        forward(time.toMillis());
    }

    public void forward(long moreMillis) {
        millis += moreMillis;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}

package io.sparring.pipeline;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;

/** How many things a second there were over the last ten seconds. Guarded by its owner. */
public final class Rate {

    static final long WINDOW_MILLIS = 10_000;

    private record Event(long millis, long count) {
    }

    private final Clock clock;
    private long startMillis;
    private long lastMillis;
    private final Deque<Event> events = new ArrayDeque<>();
    private long sum;

    public Rate(Clock clock) {
        this.clock = clock;
        this.startMillis = clock.millis();
        this.lastMillis = startMillis;
    }

    public void add(long count) {
        long now = clock.millis();
        // nobody may ever ask
        forget(now);
        events.addLast(new Event(now, count));
        sum += count;
    }

    /** Things a second; over the time since the start as long as that is shorter than the window. */
    public double perSecond() {
        long now = clock.millis();
        forget(now);
        long span = Math.min(WINDOW_MILLIS, now - startMillis);
        return span <= 0 ? 0 : sum * 1000.0 / span;
    }

    /** Events that are held. */
    int held() {
        return events.size();
    }

    private void forget(long now) {
        if (now < lastMillis) {
            // the clock was set back: what was counted by it before cannot be told from what comes
            events.clear();
            sum = 0;
            startMillis = now;
        }
        lastMillis = now;
        while (!events.isEmpty() && events.peekFirst().millis() <= now - WINDOW_MILLIS) {
            sum -= events.removeFirst().count();
        }
    }
}

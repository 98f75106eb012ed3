package io.sparring.cli;

import java.util.ArrayList;
import java.util.List;

/** Tells whoever wants to know that work is to end early, in a state from which it can go on. */
final class Stop {

    /** Thrown from within what would otherwise go on for long. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Somebody who wants to know, and what they hold. */
    interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    private final List<Runnable> listeners = new ArrayList<>();
    private boolean stopped;

    synchronized void stop() {
        if (!stopped) {
            stopped = true;
            listeners.forEach(Runnable::run);
        }
    }

    synchronized boolean isStopped() {
        return stopped;
    }

    /** Runs it when work is to end, at once if that is so already, until what is returned is closed. */
    synchronized Listening whenStopped(Runnable listener) {
        listeners.add(listener);
        if (stopped) {
            listener.run();
        }
        return () -> forget(listener);
    }

    private synchronized void forget(Runnable listener) {
        listeners.remove(listener);
    }

    /** @throws StoppedException if work is to end */
    void check() {
        if (isStopped()) {
            throw new StoppedException();
        }
    }
}

package io.sparring.pipeline;

import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * The last few updates of a run by their {@code nextBatch}, for those who craft against one that is not the newest. Of
 * several with the same {@code nextBatch}, which different incarnations publish, the newest holds.
 */
public final class RecentUpdates {

    private final int held;
    private final LongFunction<Optional<Update>> lookup;
    private final TreeMap<Long, Update> byNextBatch = new TreeMap<>();

    private RecentUpdates(int held, LongFunction<Optional<Update>> lookup) {
        this.held = held;
        this.lookup = lookup;
    }

    /**
     * Holds as many as a batch without an outcome may have to be crafted against: one where that is always the newest.
     *
     * @param lookup finds the newest update of a {@code nextBatch} that is not held, because it came before this began
     */
    public static RecentUpdates of(RunSpecification run, LongFunction<Optional<Update>> lookup) {
        // those from newest.nextBatch - window on, and the last of a run, which is out of the interval
        return new RecentUpdates(run.exact() ? run.window() / run.publishing().interval() + 2 : 1, lookup);
    }

    /** Takes the newest update. */
    public void add(Update update) {
        hold(update, true);
    }

    /** The newest update of that {@code nextBatch}; nothing if it is not kept any more. */
    public Optional<Update> at(long nextBatch) {
        synchronized (this) {
            if (byNextBatch.containsKey(nextBatch)) {
                return Optional.of(byNextBatch.get(nextBatch));
            }
        }
        Optional<Update> found = lookup.apply(nextBatch);
        found.ifPresent(update -> hold(update, false));
        return found;
    }

    private synchronized void hold(Update update, boolean newest) {
        if (newest) {
            byNextBatch.put(update.nextBatch(), update);
        } else {
            byNextBatch.putIfAbsent(update.nextBatch(), update);
        }
        while (byNextBatch.size() > held) {
            byNextBatch.pollFirstEntry();
        }
    }
}

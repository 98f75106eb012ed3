package io.sparring.cli;

import java.util.Map;
import java.util.TreeMap;

/**
 * How stale the batches of a run were that were trained on.
 *
 * @param batches  how many, by staleness; those of another incarnation's weights, whose staleness is no number, under -1
 * @param outcomes how many batches had each outcome
 */
record StalenessSeen(Map<Long, Long> batches, Map<String, Long> outcomes) {

    StalenessSeen {
        batches = new TreeMap<>(batches);
        outcomes = new TreeMap<>(outcomes);
    }

    /** Over the batches whose staleness is a number; NaN without any. */
    double mean() {
        return batches.entrySet().stream().filter(entry -> entry.getKey() >= 0).mapToDouble(e -> e.getKey() * e.getValue()).sum()
                / batches.entrySet().stream().filter(entry -> entry.getKey() >= 0).mapToDouble(Map.Entry::getValue).sum();
    }

    long most() {
        return batches.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    }
}

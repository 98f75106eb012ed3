package io.sparring.cli;

import io.sparring.pipeline.FaultPoint;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@link Chaos} has done so far. Used by one thread. */
final class ChaosTally {

    private final Map<String, Integer> kills = new LinkedHashMap<>();
    private final Map<String, Integer> faults = new LinkedHashMap<>();
    private int pauses;
    private int deaths;

    ChaosTally() {
        for (ChaosRole role : ChaosRole.values()) {
            kills.put(role.service(), 0);
        }
    }

    void killed(ChaosRole role) {
        kills.merge(role.service(), 1, Integer::sum);
    }

    void diedAt(ChaosRole role, FaultPoint fault) {
        killed(role);
        faults.merge(fault.pointName(), 1, Integer::sum);
    }

    void paused() {
        pauses++;
    }

    /** So many processes have died by themselves. */
    void died(int count) {
        deaths += count;
    }

    int killed() {
        return kills.values().stream().mapToInt(Integer::intValue).sum();
    }

    Map<String, Integer> kills() {
        return new LinkedHashMap<>(kills);
    }

    Map<String, Integer> faults() {
        return new LinkedHashMap<>(faults);
    }

    int pauses() {
        return pauses;
    }

    int deaths() {
        return deaths;
    }
}

package io.sparring.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * {@code -Dsimulation.seeds=N} simulates so many runs, {@code -Dsimulation.seed=S} one of them and prints what happens in it.
 */
class SimulationTest {

    private static final int SEEDS = Integer.getInteger("simulation.seeds", 300);
    private static final Long ONE = Long.getLong("simulation.seed");
    /** Shown of a run that breaks a promise. */
    private static final int LAST_EVENTS = 100;

    @Test
    void whateverGoesWrongThePromisesHold() {
        if (ONE != null) {
            new Simulation(ONE, System.out::println).run();
            return;
        }
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                new Simulation(seed, null).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Dsimulation.seed=" + seed + ": " + e + "; its last events:\n" + lastEvents(seed), e);
            }
        }
    }

    @Test
    void aSeedGivesTheSameRunAgain() {
        for (long seed = 0; seed < 10; seed++) {
            List<String> events = events(seed);
            assertThat(events).as("seed %d", seed).hasSizeGreaterThan(100).isEqualTo(events(seed));
        }
    }

    private static List<String> events(long seed) {
        List<String> events = new ArrayList<>();
        new Simulation(seed, events::add).run();
        return events;
    }

    private static String lastEvents(long seed) {
        Deque<String> last = new ArrayDeque<>();
        try {
            new Simulation(seed, event -> {
                last.add(event);
                if (last.size() > LAST_EVENTS) {
                    last.remove();
                }
            }).run();
        } catch (AssertionError | RuntimeException e) {
            // as before
            return String.join("\n", last);
        }
        return "none: the second time nothing was wrong";
    }
}

package io.sparring.simulation;

import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

class SimulationTest {

    private static final int SEEDS = Integer.getInteger("simulation.seeds", 1000);
    private static final int LAST_EVENTS = 200;

    @Test
    void whateverGoesWrongThePromisesHold() {
        long began = System.nanoTime();
        for (long seed = 0; seed < SEEDS; seed++) {
            simulate(seed);
        }
        System.out.println(SEEDS + " seeds: " + (System.nanoTime() - began) / 1_000_000 + " ms");
    }

    private static void simulate(long seed) {
        Deque<String> last = new ArrayDeque<>();
        try {
            new Simulation(seed, event -> { }).run();
        } catch (AssertionError | RuntimeException e) {
            fail("seed " + seed + ": " + e, e);
        }
    }
}

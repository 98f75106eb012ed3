package io.sparring.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparring.pipeline.RunSpecification;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * {@code -Dsimulation.seeds=N} simulates so many runs, {@code -Dsimulation.seed=S} one of them and prints what happens in it.
 */
class SimulationTest {

    private static final int SEEDS = Integer.getInteger("simulation.seeds", 300);
    private static final Long ONE = Long.getLong("simulation.seed");
    /** Shown of a run that breaks a promise. */
    private static final int LAST_EVENTS = 100;

    private final Map<RunSpecification, String> undisturbed = new HashMap<>();

    @Test
    void whateverGoesWrongThePromisesHold() {
        if (ONE != null) {
            simulate(ONE, System.out::println);
            return;
        }
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                simulate(seed, null);
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

    /** Else the simulation would show nothing. */
    @Test
    void withoutFencingAPromiseIsBroken() {
        assertThatThrownBy(() -> {
            for (long seed = 0; seed < 100; seed++) {
                Simulation.withoutFencing(seed).run();
            }
        }).isInstanceOf(AssertionError.class)
                .hasMessageMatching("(?s)(clean )?batch \\d+ .* comes next.*|no end: .*|two trainers .*|attacker-\\S+ moves .*");
    }

    /** Where staleness is exact, whatever went wrong must not have changed a bit. */
    private void simulate(long seed, Consumer<String> trace) {
        Simulation simulation = new Simulation(seed, trace);
        simulation.run();
        if (simulation.decided()) {
            assertThat(simulation.weights()).as("weights of an undisturbed run")
                    .isEqualTo(undisturbed.computeIfAbsent(simulation.specification(), SimulationTest::weights));
        }
    }

    private static String weights(RunSpecification run) {
        Simulation simulation = Simulation.undisturbed(run);
        simulation.run();
        return simulation.weights();
    }

    private static List<String> events(long seed) {
        List<String> events = new ArrayList<>();
        new Simulation(seed, events::add).run();
        return events;
    }

    private String lastEvents(long seed) {
        Deque<String> last = new ArrayDeque<>();
        try {
            simulate(seed, event -> {
                last.add(event);
                if (last.size() > LAST_EVENTS) {
                    last.remove();
                }
            });
        } catch (AssertionError | RuntimeException e) {
            // as before
            return String.join("\n", last);
        }
        return "none: the second time nothing was wrong";
    }
}

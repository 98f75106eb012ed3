package io.sparring.learning.autoattack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepSizeTest {

    @Test
    void looksBackAtTheCheckpointsOfThePaper() {
        Checkpoints checkpoints = new Checkpoints(100);
        List<Integer> after = new ArrayList<>();
        List<Integer> windows = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            if (checkpoints.windowAt(i) > 0) {
                after.add(i + 1);
                windows.add(checkpoints.windowAt(i));
            }
        }
        // p = 0.22, 0.41, 0.57, 0.70, 0.80, 0.87, 0.93, 0.99
        assertThat(after).containsExactly(22, 41, 57, 70, 80, 87, 93, 99);
        assertThat(windows).containsExactly(22, 19, 16, 13, 10, 7, 6, 6);
    }

    @Test
    void looksBackInShortAttacksToo() {
        Checkpoints checkpoints = new Checkpoints(5);
        for (int i = 0; i < 5; i++) {
            assertThat(checkpoints.windowAt(i)).isEqualTo(1);
        }
    }

    @Test
    void isHalvedWhenTheLossRoseInAtMostThreeQuartersOfTheSteps() {
        StepSize step = new StepSize(0.5f, -1);
        rise(step, 3);
        step.isBest(-5);
        assertThat(step.halves(4)).isTrue();
        assertThat(step.size()).isEqualTo(0.5f);

        step = new StepSize(0.5f, -1);
        rise(step, 4);
        assertThat(step.halves(4)).isFalse();
        assertThat(step.size()).isEqualTo(1);
    }

    /** The published code reads what lies before the first loss, which is zero. */
    @Test
    void startsFromALossOfZero() {
        StepSize step = new StepSize(0.5f, -9);
        step.isBest(-8);
        step.isBest(-7);
        step.isBest(-6);
        step.isBest(-5);
        assertThat(step.halves(4)).as("one of four did not rise above zero").isTrue();
    }

    @Test
    void isHalvedWhenTheBestLossStaysUnlessItJustWas() {
        StepSize step = new StepSize(1, 0);
        rise(step, 4);
        assertThat(step.halves(4)).isFalse();
        step.isBest(-3);
        assertThat(step.isBest(-2)).isFalse();
        step.isBest(-1);
        step.isBest(0);
        step.isBest(1);
        // 4 of 5 rose, but not above the best, 4
        assertThat(step.halves(5)).isTrue();
        step.isBest(2);
        step.isBest(2.5f);
        step.isBest(3);
        step.isBest(3.5f);
        assertThat(step.halves(4)).as("just halved").isFalse();
        step.isBest(3.6f);
        step.isBest(3.7f);
        step.isBest(3.8f);
        step.isBest(3.9f);
        assertThat(step.halves(4)).isTrue();
        assertThat(step.size()).isEqualTo(0.5f);
    }

    @Test
    void knowsTheBestLoss() {
        StepSize step = new StepSize(1, 2);
        assertThat(step.isBest(2)).isFalse();
        assertThat(step.isBest(3)).isTrue();
        assertThat(step.isBest(2.5f)).isFalse();
        assertThat(step.isBest(2.9f)).isFalse();
    }

    private static void rise(StepSize step, int times) {
        for (int i = 1; i <= times; i++) {
            step.isBest(i);
        }
    }
}

package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EpsilonScheduleTest {

    @Test
    void risesInEqualSteps() {
        EpsilonSchedule schedule = new EpsilonSchedule(0.1f, 4);
        assertThat(schedule.at(0)).isCloseTo(0.025f, within(1e-9f));
        assertThat(schedule.at(1)).isCloseTo(0.05f, within(1e-9f));
        assertThat(schedule.at(3)).isEqualTo(0.1f);
        assertThat(schedule.at(1_000_000)).isEqualTo(0.1f);
        assertThat(new EpsilonSchedule(0.1f, 0).at(0)).isEqualTo(0.1f);
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> new EpsilonSchedule(-0.1f, 0))
                .withMessage("epsilon: -0.1 is not a finite number of at least 0");
        assertThatIllegalArgumentException().isThrownBy(() -> new EpsilonSchedule(Float.NaN, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new EpsilonSchedule(0.1f, -1))
                .withMessageStartingWith("epsilon.warmUp: '-1'");
    }
}

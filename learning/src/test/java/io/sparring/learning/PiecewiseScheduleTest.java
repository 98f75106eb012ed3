package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PiecewiseScheduleTest {

    @Test
    void isMultipliedFromEachBoundaryOn() {
        LearningRateSchedule schedule = new PiecewiseSchedule(0.1f, List.of(10L, 20L), 0.1f, 0);
        assertThat(schedule.at(0)).isEqualTo(0.1f);
        assertThat(schedule.at(9)).isEqualTo(0.1f);
        assertThat(schedule.at(10)).isCloseTo(0.01f, within(1e-9f));
        assertThat(schedule.at(20)).isCloseTo(0.001f, within(1e-9f));
        assertThat(schedule.at(Long.MAX_VALUE)).isCloseTo(0.001f, within(1e-9f));
    }

    @Test
    void risesFirst() {
        LearningRateSchedule schedule = new PiecewiseSchedule(0.1f, List.of(), 0.1f, 4);
        assertThat(schedule.at(0)).isCloseTo(0.025f, within(1e-9f));
        assertThat(schedule.at(3)).isEqualTo(0.1f);
        assertThat(schedule.at(4)).isEqualTo(0.1f);
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PiecewiseSchedule(-1, List.of(), 0.1f, 0))
                .withMessageStartingWith("learningRate.rate: '-1.0'");
        assertThatIllegalArgumentException().isThrownBy(() -> new PiecewiseSchedule(1, List.of(20L, 10L), 0.1f, 0))
                .withMessageStartingWith("learningRate.boundaries: '[20, 10]'");
        assertThatIllegalArgumentException().isThrownBy(() -> new PiecewiseSchedule(1, List.of(), 2, 0))
                .withMessageStartingWith("learningRate.factor: '2.0'");
        assertThatIllegalArgumentException().isThrownBy(() -> new PiecewiseSchedule(1, List.of(), 1, -1))
                .withMessageStartingWith("learningRate.warmUp: '-1'");
    }
}

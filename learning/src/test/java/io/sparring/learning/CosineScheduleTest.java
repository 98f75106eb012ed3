package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CosineScheduleTest {

    @Test
    void fallsAlongHalfACosine() {
        LearningRateSchedule schedule = new CosineSchedule(0.2f, 100, 0);
        assertThat(schedule.at(0)).isEqualTo(0.2f);
        assertThat(schedule.at(25)).isCloseTo(0.1707107f, within(1e-6f));
        assertThat(schedule.at(50)).isCloseTo(0.1f, within(1e-7f));
        assertThat(schedule.at(100)).isZero();
        assertThat(schedule.at(1000)).isZero();
    }

    @Test
    void risesFirst() {
        LearningRateSchedule schedule = new CosineSchedule(0.2f, 110, 10);
        assertThat(schedule.at(0)).isCloseTo(0.02f, within(1e-7f));
        assertThat(schedule.at(9)).isEqualTo(0.2f);
        assertThat(schedule.at(10)).isEqualTo(0.2f);
        assertThat(schedule.at(60)).isCloseTo(0.1f, within(1e-7f));
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CosineSchedule(Float.NaN, 10, 0))
                .withMessageStartingWith("learningRate.rate: 'NaN'");
        assertThatIllegalArgumentException().isThrownBy(() -> new CosineSchedule(1, 0, 0))
                .withMessageStartingWith("learningRate.batches: '0'");
        assertThatIllegalArgumentException().isThrownBy(() -> new CosineSchedule(1, 10, 10))
                .withMessageStartingWith("learningRate.warmUp: '10'");
    }
}

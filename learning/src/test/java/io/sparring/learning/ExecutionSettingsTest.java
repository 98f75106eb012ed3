package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ExecutionSettingsTest {

    @Test
    void usesEveryProcessorForOneOperationAtATime() {
        assertThat(ExecutionSettings.standard())
                .isEqualTo(new ExecutionSettings(Runtime.getRuntime().availableProcessors(), 1));
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ExecutionSettings(0, 1))
                .withMessage("execution.intraOpThreads: '0' is not allowed; allowed: 1 to 1024");
        assertThatIllegalArgumentException().isThrownBy(() -> new ExecutionSettings(1, 0))
                .withMessageStartingWith("execution.interOpThreads: '0'");
    }
}

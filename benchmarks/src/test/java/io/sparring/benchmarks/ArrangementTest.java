package io.sparring.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrangementTest {

    @Test
    void readsSessionsThreadsAndBatches() {
        assertThat(Arrangement.parse("2x1")).isEqualTo(new Arrangement(2, 1, 1));
        assertThat(Arrangement.parse("1x64x4")).isEqualTo(new Arrangement(1, 64, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1x2", "2x1x3"})
    void writesWhatItReads(String text) {
        assertThat(Arrangement.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "0x1", "65x1", "1x1x65", "2x1x", "ax1"})
    void refusesOthers(String text) {
        assertThatThrownBy(() -> Arrangement.parse(text)).hasMessageStartingWith("--arrangement: " + text + "; allowed: ");
    }
}

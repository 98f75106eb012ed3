package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {

    @Test
    void boundsThemselvesAreAllowed() {
        assertThatCode(() -> {
            Setting.atLeast("k", 3, 3);
            Setting.between("k", 3, 3, 5);
            Setting.between("k", 5, 3, 5);
            Setting.oneOf("k", "b", List.of("a", "b"));
            Setting.require(true, "k", null, "anything");
        }).doesNotThrowAnyException();
    }

    @Test
    void failuresNameKeyValueAndWhatIsAllowed() {
        refused(() -> Setting.atLeast("k", 2, 3), "k: '2' is not allowed; allowed: at least 3");
        refused(() -> Setting.between("k", 6, 3, 5.5), "k: '6' is not allowed; allowed: from 3 to 5.5");
        refused(() -> Setting.between("k", 2.5, 3, 5), "k: '2.5' is not allowed; allowed: from 3 to 5");
        refused(() -> Setting.oneOf("k", "c", List.of("a", "b")), "k: 'c' is not allowed; allowed: a, b");
        refused(() -> Setting.require(false, "k", List.of(1), "one"), "k: '[1]' is not allowed; allowed: one");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void whatIsNoNumberIsNeverInARange(double value) {
        refused(() -> Setting.atLeast("k", value, 0), "k: '" + value + "' is not allowed; allowed: at least 0");
        refused(() -> Setting.between("k", value, 0, 1), "k: '" + value + "' is not allowed; allowed: from 0 to 1");
    }

    @Test
    void floatsAndLongsAreShownAsTheyWereWritten() {
        refused(() -> Setting.between("k", 0.6f, 0, 0.1f), "k: '0.6' is not allowed; allowed: from 0 to 0.1");
        refused(() -> Setting.atLeast("k", -10_000_000_000L, 0), "k: '-10000000000' is not allowed; allowed: at least 0");
    }

    private static void refused(Runnable check, String message) {
        assertThatThrownBy(check::run).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}

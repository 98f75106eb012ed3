package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EpsilonTest {

    @ParameterizedTest
    @CsvSource({"8/255, 0.03137255", "128/255, 0.5019608", "0.5, 0.5", ".1, 0.1", "2, 2", "0.5/2, 0.25", "0, 0"})
    void isAFractionOrANumber(String text, float value) {
        assertThat(Epsilon.parse(text).value()).isEqualTo(value);
        assertThat(Epsilon.parse(" " + text + " ")).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8/", "/255", "8/0", "-0.1", "1e3", "0x1", "NaN", "8/255/2", "eight"})
    void isNothingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Epsilon.parse(text))
                .withMessage("'" + text + "' is not allowed; allowed: a number such as 0.03, or a fraction such as 8/255");
    }
}

package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramPinTest {

    private static final String ONE = "0123456789abcdef".repeat(4);
    private static final String OTHER = "f".repeat(64);

    @Test
    void refusesAnotherProgramAndNamesBothDigests() {
        ProgramPin pin = new ProgramPin(Optional.of(ONE));

        assertThatCode(() -> pin.require(ONE)).doesNotThrowAnyException();
        assertThatIllegalArgumentException().isThrownBy(() -> pin.require(OTHER))
                .withMessage("--program-sha256: the run's model program has the SHA-256 " + OTHER + "; allowed: " + ONE);
        assertThatCode(() -> ProgramPin.NONE.require(OTHER)).doesNotThrowAnyException();
    }

    @Test
    void takesCapitalsToo() {
        assertThat(new ProgramPin(Optional.of(ONE.toUpperCase()))).isEqualTo(new ProgramPin(Optional.of(ONE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0123", "g123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"})
    void refusesWhatIsNoDigest(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ProgramPin(Optional.of(value)))
                .withMessage("--program-sha256: '" + value + "' is not allowed; allowed: 64 hexadecimal digits, as sha256sum prints them");
    }
}

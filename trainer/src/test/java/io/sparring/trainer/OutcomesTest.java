package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sparring.schemas.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomesTest {

    private final Outcomes outcomes = new Outcomes(new Position(5L, List.of(7L, 8L), List.of(), List.of()));

    @Test
    void areAllBelowTheNextAndSomeAbove() {
        assertThat(outcomes.has(4)).isTrue();
        assertThat(outcomes.has(5)).isFalse();
        assertThat(outcomes.has(7)).isTrue();
        assertThat(outcomes.has(9)).isFalse();
        assertThat(outcomes.count()).isEqualTo(7);
    }

    @Test
    void theNextIsTheSmallestWithoutOne() {
        outcomes.add(10);
        outcomes.add(6);
        assertThat(outcomes.next()).isEqualTo(5);
        assertThat(outcomes.above()).containsExactly(6L, 7L, 8L, 10L);
        outcomes.add(5);
        assertThat(outcomes.next()).isEqualTo(9);
        assertThat(outcomes.above()).containsExactly(10L);
        assertThat(outcomes.count()).isEqualTo(10);
    }

    @Test
    void thereIsOneForEachNumber() {
        assertThatIllegalStateException().isThrownBy(() -> outcomes.add(4)).withMessage("batch 4 has its outcome already");
        assertThatIllegalStateException().isThrownBy(() -> outcomes.add(7));
    }
}

package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramSpecificationTest {

    @Test
    void takesEachAttacksNameOnce() {
        assertThatIllegalArgumentException().isThrownBy(() -> specification(8, List.of(), TinyProgram.TRAINING,
                TinyProgram.TRAINING)).withMessage("attacks.name: 'training' is not allowed; allowed: each name once");
    }

    @Test
    void wantsAMeanForEachChannel() {
        assertThatIllegalArgumentException().isThrownBy(() -> specification(8, List.of(0.5f)))
                .withMessage("network.mean: '[0.5]' is not allowed; allowed: no value, or one for each channel: 3");
    }

    @Test
    void wantsImagesThatTheNetworkCanPool() {
        assertThatIllegalArgumentException().isThrownBy(() -> specification(3, List.of()))
                .withMessageEndingWith("allowed: at least 4 x 4 pixels for cnn4");
    }

    private static ProgramSpecification specification(int height, List<Float> mean, AttackSpecification... attacks) {
        return new ProgramSpecification(new Geometry(height, 8, 3, 5),
                new NetworkSpecification("cnn4", 4, 16, false, mean, mean),
                new ObjectiveSpecification("pgd-at"), new OptimizerSpecification(0.9f, 0), List.of(attacks));
    }
}

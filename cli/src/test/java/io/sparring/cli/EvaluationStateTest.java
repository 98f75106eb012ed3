package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.autoattack.AttackSuite;
import io.sparring.learning.autoattack.AutoAttackSettings;
import io.sparring.learning.autoattack.ImageState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationStateTest {

    private static final AttackSuite SUITE = suite(0.1f, 0);
    private static final ImageState STANDING = new ImageState(3, 2, Optional.empty());
    private static final ImageState FOOLED = new ImageState(4, 2, Optional.of("apgd-ce"));

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("new/state.jsonl");
    }

    @Test
    void knowsWhatAnEarlierProcessHasDone() throws IOException {
        try (EvaluationState state = open()) {
            assertThat(state.of(SUITE)).isEmpty();
            state.add(SUITE, List.of(new ImageState(3, 1, Optional.empty()), FOOLED), 1.5);
            state.add(SUITE, List.of(STANDING), 2);
        }
        try (EvaluationState state = open()) {
            assertThat(state.of(SUITE)).isEqualTo(Map.of(3L, STANDING, 4L, FOOLED));
            assertThat(state.seconds(SUITE)).isCloseTo(3.5, within(1e-9));
            assertThat(state.of(suite(0.2f, 0))).as("another epsilon").isEmpty();
            assertThat(state.of(suite(0.1f, 1))).as("another seed").isEmpty();
            assertThat(state.of(SUITE.alone("square"))).as("a part of it").isEmpty();
        }
    }

    @Test
    void leavesOutWhatAKilledProcessHasNotWrittenWhole() throws IOException {
        try (EvaluationState state = open()) {
            state.add(SUITE, List.of(STANDING), 1);
        }
        long whole = Files.size(file);
        Files.writeString(file, "{\"suite\":\"12", StandardOpenOption.APPEND);
        try (EvaluationState state = open()) {
            assertThat(state.of(SUITE)).isEqualTo(Map.of(3L, STANDING));
            assertThat(Files.size(file)).isEqualTo(whole);
            state.add(SUITE, List.of(FOOLED), 1);
        }
        try (EvaluationState state = open()) {
            assertThat(state.of(SUITE)).isEqualTo(Map.of(3L, STANDING, 4L, FOOLED));
        }
        Files.writeString(file, Files.readString(file).substring(0, 12));
        try (EvaluationState state = open()) {
            assertThat(state.of(SUITE)).as("killed at once").isEmpty();
        }
    }

    @Test
    void refusesWhatIsOfAnotherModelOrNoneOfOurs() throws IOException {
        open().close();
        assertThatIllegalArgumentException().isThrownBy(() -> EvaluationState.open(file, "another", "data"))
                .withMessageContaining("--state: '" + file).withMessageContaining("same model and data set");
        Files.writeString(file, "not ours");
        assertThatIllegalArgumentException().isThrownBy(this::open).withMessageContaining("an evaluation has written");
        assertThat(file).content().as("left alone").isEqualTo("not ours");
        Files.delete(file);
        open().close();
        Files.writeString(file, "{\"suite\":7}\n", StandardOpenOption.APPEND);
        assertThatIllegalArgumentException().isThrownBy(this::open)
                .withMessage("--state " + file + ": line 2 is not what an evaluation has written");
    }

    @Test
    void isWrittenByOneAtATime() throws IOException {
        try (EvaluationState state = open()) {
            assertThat(state.seconds(SUITE)).isZero();
            assertThatIllegalArgumentException().isThrownBy(this::open).withMessageContaining("no other evaluation");
        }
    }

    private EvaluationState open() throws IOException {
        return EvaluationState.open(file, "model", "data");
    }

    private static AttackSuite suite(float epsilon, long seed) {
        return AttackSuite.autoAttack(AutoAttackSettings.standard(AttackNorm.LINF, epsilon, seed), 10);
    }
}

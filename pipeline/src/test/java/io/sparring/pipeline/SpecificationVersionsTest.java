package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpecificationVersionsTest {

    private static final RunSpecification FIRST = RunKeys.run(Map.of("run", "fashion"));
    private static final RunSpecification SECOND = RunKeys.run(Map.of("run", "fashion", "objective.lambda", "0.5"));
    private static final RunSpecification THIRD = RunKeys.run(Map.of("run", "fashion", "optimizer.learningRate", "0.001"));

    private final SpecificationVersions versions = new SpecificationVersions(List.of(new SpecificationVersion(1, 0, FIRST),
            new SpecificationVersion(2, 100, SECOND), new SpecificationVersion(3, 50, THIRD)));

    @Test
    void theNewestThatIsMeantForABatchHolds() {
        assertThat(versions.at(0).version()).isEqualTo(1);
        assertThat(versions.at(49).version()).isEqualTo(1);
        assertThat(versions.at(50).version()).isEqualTo(3);
        assertThat(versions.at(100).version()).as("the third came after the second").isEqualTo(3);
        assertThat(versions.version(2).specification()).isEqualTo(SECOND);
        assertThatIllegalArgumentException().isThrownBy(() -> versions.version(4))
                .withMessage("version 4 of the run's specification is not on the topic runs");
    }

    @Test
    void aVersionIsNeverTakenBack() {
        SpecificationVersions first = SpecificationVersions.of(FIRST);
        SpecificationVersions none = RunRequests.NONE.versions();
        assertThat(first.orLonger(versions)).isSameAs(versions);
        assertThat(versions.orLonger(first)).isSameAs(versions);
        assertThat(first.orLonger(none)).isSameAs(first);
        assertThat(none.isEmpty()).isTrue();
    }

    @Test
    void theNextVersionDiffersInKeysThatMayChange() {
        for (String key : SpecificationVersions.CHANGEABLE) {
            RunSpecification wanted = RunKeys.run(key, RunKeys.OTHER_VALUES.get(key));
            SpecificationVersions one = SpecificationVersions.of(RunKeys.run(RunKeys.companions(key)));
            if (RunFile.differences(one.newest().specification(), wanted).contains(key)) {
                assertThat(one.next(wanted, 7)).as(key).isEqualTo(new SpecificationVersion(2, 7, wanted));
            }
        }
        assertThat(SpecificationVersions.of(FIRST).next(SECOND, 7)).isEqualTo(new SpecificationVersion(2, 7, SECOND));
    }

    @Test
    void anyOtherKeyIsRefused() {
        for (Map.Entry<String, String> other : RunKeys.OTHER_VALUES.entrySet()) {
            if (!SpecificationVersions.CHANGEABLE.contains(other.getKey()) && RunKeys.companions(other.getKey()).isEmpty()) {
                assertThatIllegalArgumentException().as(other.getKey())
                        .isThrownBy(() -> SpecificationVersions.of(RunKeys.run(Map.of()))
                                .next(RunKeys.run(other.getKey(), other.getValue()), 7))
                        .withMessageContaining("changed keys").withMessageContaining(other.getKey())
                        .withMessageContaining("objective.beta, objective.lambda, optimizer.factor");
            }
        }
        assertThatIllegalArgumentException().isThrownBy(() -> versions.next(THIRD, 7))
                .withMessage("run fashion has these values already, in version 3 of its specification");
    }

    @Test
    void servicesMayBeStartedWithAnyPublishedVersion() {
        for (RunSpecification known : List.of(FIRST, SECOND, THIRD)) {
            assertThatCode(() -> versions.requireKnown(known)).doesNotThrowAnyException();
        }
        RunSpecification other = RunKeys.run(Map.of("run", "fashion", "objective.lambda", "0.75"));
        assertThatIllegalArgumentException().isThrownBy(() -> versions.requireKnown(other))
                .withMessageContaining("other values of objective.lambda, optimizer.learningRate");
    }
}

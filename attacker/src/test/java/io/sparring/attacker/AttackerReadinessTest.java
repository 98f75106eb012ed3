package io.sparring.attacker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.SettableClock;
import io.sparring.schemas.UpdateIdentity;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttackerReadinessTest {

    private static final UpdateIdentity FIRST = new UpdateIdentity(0, 5);
    private static final UpdateIdentity SECOND = new UpdateIdentity(0, 10);

    private final SettableClock clock = new SettableClock();
    private final AttackerReadiness readiness = new AttackerReadiness(clock, Duration.ofSeconds(60));

    @Test
    void needsBatchesFirstAndThenWeights() {
        assertThat(readiness.problem()).hasValue("no partition of clean-batches is assigned");
        readiness.batches(Optional::empty);
        assertThat(readiness.problem()).hasValue("no weights have been published yet");
        readiness.weights(FIRST);
        assertThat(readiness.problem()).isEmpty();
    }

    @Test
    void isNoLongerReadyOnceNoBatchCanCome() {
        readiness.batches(Optional::empty);
        readiness.weights(FIRST);
        readiness.batches(() -> Optional.of("gone"));
        assertThat(readiness.problem()).hasValue("gone");
    }

    @Test
    void countsTheAgeOfTheWeightsFromTheirArrivalAndNotFromWhenTheyAreSeenAgain() {
        readiness.batches(Optional::empty);
        readiness.weights(FIRST);
        clock.forward(Duration.ofSeconds(60));
        readiness.weights(FIRST);
        assertThat(readiness.problem()).isEmpty();
        clock.forward(Duration.ofSeconds(1));
        readiness.weights(FIRST);
        assertThat(readiness.problem()).hasValue("the newest weights, 0/5, came 61 s ago; allowed: 60 s");

        readiness.weights(SECOND);
        assertThat(readiness.problem()).isEmpty();
    }

    @Test
    void oldWeightsAreNoProblemWhileTheWindowOrTheLackOfBatchesHoldsIt() {
        readiness.batches(Optional::empty);
        readiness.weights(FIRST);
        readiness.paused(true);
        clock.forward(Duration.ofHours(1));
        assertThat(readiness.problem()).isEmpty();
        readiness.paused(false);
        assertThat(readiness.problem()).isPresent();
    }
}

package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.pipeline.SettableClock;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.TrainingStep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrainerMetricsTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SettableClock clock = new SettableClock();
    private final TrainerMetrics metrics = new TrainerMetrics(meters, clock);

    @Test
    void everyOutcomeIsThereBeforeItHappens() {
        for (Outcome outcome : Outcome.values()) {
            assertThat(outcomes(outcome)).isZero();
        }
        assertThat(meters.get("sparring.loss").gauge().value()).isNaN();
    }

    @Test
    void countsEachOutcomeAndMeasuresWhatWasTrained() {
        metrics.took(step(Outcome.TRAINED, 2, 0.5f), Duration.ofMillis(30));
        metrics.took(step(Outcome.REFRESHED, 4, 0.25f), Duration.ofMillis(50));
        metrics.took(step(Outcome.DROPPED, 9, 0), Duration.ofMillis(1));
        metrics.took(step(Outcome.REFUSED, null, 0), Duration.ofMillis(1));
        assertThat(outcomes(Outcome.TRAINED)).as("not committed yet").isZero();
        metrics.committed(List.of(step(Outcome.TRAINED, 2, 0.5f), step(Outcome.REFRESHED, 4, 0.25f),
                step(Outcome.DROPPED, 9, 0), step(Outcome.REFUSED, null, 0)));

        assertThat(outcomes(Outcome.TRAINED)).isEqualTo(1);
        assertThat(outcomes(Outcome.DROPPED)).isEqualTo(1);
        assertThat(outcomes(Outcome.REFUSED)).isEqualTo(1);
        assertThat(outcomes(Outcome.REFRESHED)).isEqualTo(1);
        assertThat(meters.get("sparring.training").timer().totalTime(TimeUnit.MILLISECONDS)).isEqualTo(80);
        assertThat(meters.get("sparring.staleness").summary().mean()).isEqualTo(3);
        assertThat(meters.get("sparring.loss").gauge().value()).isEqualTo(0.25);
    }

    @Test
    void addsUpTheTimeThatTheTrainerStarves() {
        metrics.waited(Duration.ofMillis(20));
        metrics.waited(Duration.ofMillis(15));
        assertThat(meters.get("sparring.starvation").timer().totalTime(TimeUnit.MILLISECONDS)).isEqualTo(35);
    }

    @Test
    void tellsTheShareOfTheLastSecondsThatItStarved() {
        assertThat(starvation()).isZero();
        clock.forward(Duration.ofSeconds(4));
        metrics.waited(Duration.ofMillis(1_000));
        assertThat(starvation()).isEqualTo(0.25);
        clock.forward(Duration.ofSeconds(6));
        assertThat(starvation()).isEqualTo(0.1);
        clock.forward(Duration.ofSeconds(4));
        assertThat(starvation()).as("longer ago than the window").isZero();
        metrics.waited(Duration.ofMillis(10_200));
        assertThat(starvation()).as("of a wait that began before the window").isEqualTo(1);
    }

    private double starvation() {
        return meters.get("sparring.starvation.ratio").gauge().value();
    }

    private double outcomes(Outcome outcome) {
        return meters.get("sparring.outcomes").tag("outcome", outcome.name()).counter().count();
    }

    private static TrainingStep step(Outcome outcome, Integer staleness, float loss) {
        return TrainingStep.newBuilder().setBatchNumber(1).setIncarnation(0).setStep(1).setOutcome(outcome).setRefreshSteps(0)
                .setStaleness(staleness == null ? null : staleness.longValue()).setImages(8).setEpsilon(0).setLearningRate(0)
                .setLoss(loss).setCrossEntropy(0).setPerception(0).setTrainedAt(Instant.ofEpochMilli(0)).build();
    }
}

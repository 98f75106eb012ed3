package io.sparring.trainer;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.TrainingStep;
import java.time.Duration;
import java.util.List;

/** What the trainer measures of itself. */
final class TrainerMetrics {

    private final MeterRegistry meters;
    private final Timer training;
    private final Timer waiting;
    private final DistributionSummary staleness;
    private volatile double loss = Double.NaN;

    TrainerMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.training = Timer.builder("sparring.training").description("Time to train on a batch").register(meters);
        this.waiting = Timer.builder("sparring.starvation").description("Time that the trainer waits for a batch").register(meters);
        this.staleness = DistributionSummary.builder("sparring.staleness").description("Steps between crafting and training")
                .register(meters);
        Gauge.builder("sparring.loss", this, metrics -> metrics.loss).description("The objective at the last step").register(meters);
        for (Outcome outcome : Outcome.values()) {
            meters.counter("sparring.outcomes", "outcome", outcome.name());
        }
    }

    /** The steps have been published: until then they may be taken again. */
    void committed(List<TrainingStep> steps) {
        steps.forEach(step -> meters.counter("sparring.outcomes", "outcome", step.getOutcome().name()).increment());
    }

    void took(TrainingStep step, Duration time) {
        if (step.getOutcome() == Outcome.TRAINED || step.getOutcome() == Outcome.REFRESHED) {
            training.record(time);
            if (step.getStaleness() != null) {
                staleness.record(step.getStaleness());
            }
            loss = step.getLoss();
        }
    }

    void waited(Duration time) {
        waiting.record(time);
    }
}

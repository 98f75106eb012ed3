package io.sparring.trainer;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sparring.pipeline.Metric;
import io.sparring.pipeline.Rate;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.TrainingStep;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the trainer measures of itself. */
final class TrainerMetrics {

    private final MeterRegistry meters;
    private final Timer training;
    private final Timer waiting;
    private final Rate waitingNanos;
    private final DistributionSummary staleness;
    private volatile double loss = Double.NaN;

    TrainerMetrics(MeterRegistry meters, Clock clock) {
        this.meters = meters;
        this.training = Metric.TRAINING.timer(meters);
        this.waiting = Metric.STARVATION.timer(meters);
        this.waitingNanos = new Rate(clock);
        Metric.STARVATION_RATIO.gauge(meters, this, TrainerMetrics::starvation);
        this.staleness = Metric.STALENESS.summary(meters);
        Metric.LOSS.gauge(meters, this, metrics -> metrics.loss);
        for (Outcome outcome : Outcome.values()) {
            Metric.OUTCOMES.counter(meters, outcome.name());
        }
    }

    /** The steps have been published: until then they may be taken again. */
    void committed(List<TrainingStep> steps) {
        steps.forEach(step -> Metric.OUTCOMES.counter(meters, step.getOutcome().name()).increment());
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
        synchronized (waitingNanos) {
            waitingNanos.add(time.toNanos());
        }
    }

    private double starvation() {
        synchronized (waitingNanos) {
            // a wait counts when it has ended, so those of a little more than the window may be in it
            return Math.min(1, waitingNanos.perSecond() / TimeUnit.SECONDS.toNanos(1));
        }
    }
}

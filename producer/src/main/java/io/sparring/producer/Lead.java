package io.sparring.producer;

import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.TopicTail;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the training batches may be sent: the run's lead ahead of the highest number that the trainer is known to have taken.
 * In order of arrival the newest step may be below that, by less than the lead is more than the window.
 */
final class Lead {

    private final Consumer<Long, Received<TrainingStep>> steps;
    private final RunSpecification run;
    private long nextBatch;

    /** @param steps assigned by this; the caller's to close */
    Lead(Consumer<Long, Received<TrainingStep>> steps, RunSpecification run, Supplier<Boolean> stopped) {
        this.steps = steps;
        this.run = run;
        Function<ConsumerRecord<Long, Received<TrainingStep>>, Optional<Long>> number = step -> Optional.ofNullable(step.key());
        TopicTail.newest(steps, new TopicPartition(RunTopic.TRAINING_STEPS.of(run.run()), 0), () -> number, stopped)
                .ifPresent(this::done);
    }

    /** The number below which batches may be sent now; never falls. */
    long limit() {
        for (ConsumerRecord<Long, Received<TrainingStep>> step : steps.poll(Duration.ZERO)) {
            if (step.key() != null) {
                done(step.key());
            }
        }
        long ahead = nextBatch + run.data().lead();
        return run.data().batches() == 0 ? ahead : Math.min(run.data().batches(), ahead);
    }

    private void done(long batchNumber) {
        nextBatch = Math.max(nextBatch, batchNumber + 1);
    }
}

package io.sparring.producer;

import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SetAside;
import io.sparring.pipeline.TopicTail;
import io.sparring.pipeline.TrimmedRecords;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the training batches may be sent: the run's lead ahead of the highest number that the trainer is known to have taken.
 * In order of arrival the newest step may be below that, by less than the lead is more than the window. What is no step of a
 * batch that has been sent is set aside.
 */
final class Lead {

    private static final WireFormat<TrainingStep> FORMAT = WireFormat.of(TrainingStep.class);

    private final Consumer<Long, Received<TrainingStep>> steps;
    private final RunSpecification run;
    private final LongSupplier sent;
    private final SetAside aside;
    private long nextBatch;

    /**
     * @param steps assigned by this; the caller's to close
     * @param sent the number below which all batches have been sent
     * @param aside where records go that are no training steps
     */
    Lead(Consumer<Long, Received<TrainingStep>> steps, RunSpecification run, LongSupplier sent, SetAside aside,
            Supplier<Boolean> stopped) {
        this.steps = steps;
        this.run = run;
        this.sent = sent;
        this.aside = aside;
        // a copy of an older step may stand behind the newest
        Function<ConsumerRecord<Long, Received<TrainingStep>>, Optional<Long>> newest = step -> {
            take(step);
            return Optional.of(nextBatch).filter(number -> number > 0);
        };
        TopicTail.newest(steps, new TopicPartition(RunTopic.TRAINING_STEPS.of(run.run()), 0), () -> newest, stopped);
    }

    /** The number below which batches may be sent now; never falls. */
    long limit() {
        try {
            steps.poll(Duration.ZERO).forEach(this::take);
        } catch (OffsetOutOfRangeException e) {
            // held up for long: a newer step, which stays, says more than those that are trimmed
            TrimmedRecords.skip(steps, e);
        }
        long ahead = nextBatch + run.data().lead();
        return run.data().batches() == 0 ? ahead : Math.min(run.data().batches(), ahead);
    }

    private void take(ConsumerRecord<Long, Received<TrainingStep>> step) {
        Optional<String> problem = problem(step);
        if (problem.isPresent()) {
            aside.add(step, FORMAT.bytes(step.value()), problem.get());
        } else {
            nextBatch = Math.max(nextBatch, step.key() + 1);
        }
    }

    private Optional<String> problem(ConsumerRecord<Long, Received<TrainingStep>> step) {
        if (step.value() == null || !step.value().isReadable()) {
            return Optional.of(step.value() == null ? "the record is empty; allowed: a TrainingStep" : step.value().failure());
        }
        long number = step.value().value().getBatchNumber();
        if (step.key() == null || step.key() != number) {
            return Optional.of("batchNumber: " + number + "; allowed: the record's key, which is " + step.key());
        }
        return number >= 0 && number < sent.getAsLong() ? Optional.empty()
                : Optional.of("batchNumber: " + number + "; allowed: that of a batch that has been sent, 0 to "
                        + (sent.getAsLong() - 1));
    }
}

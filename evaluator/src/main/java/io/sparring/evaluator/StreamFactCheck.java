package io.sparring.evaluator;

import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.Attack;
import io.sparring.schemas.ChannelSums;
import io.sparring.schemas.ClassTally;
import io.sparring.schemas.Received;
import java.util.List;
import java.util.Optional;

/** Whether a record of the topic {@code attacks} is a fact that can be counted in windows over the stream. */
final class StreamFactCheck {

    /** So that the ends of windows, which are beyond it, do not overflow. */
    private static final long HIGHEST = Long.MAX_VALUE / 2;

    private final RunSpecification run;

    StreamFactCheck(RunSpecification run) {
        this.run = run;
    }

    /** Why it cannot be counted, as one sentence that names the field and what is allowed; nothing if it can. */
    Optional<String> problem(Long key, Received<Attack> received) {
        if (received == null) {
            return Optional.of("the record is empty; allowed: an Attack");
        }
        return received.isReadable() ? problem(key, received.value()) : Optional.of(received.failure());
    }

    private Optional<String> problem(Long key, Attack fact) {
        if (fact.getBatchNumber() < 0 || key == null || key != fact.getBatchNumber()) {
            return Optional.of("key: " + key + "; allowed: the batch number of the fact, which is " + fact.getBatchNumber());
        }
        if (key > HIGHEST) {
            return Optional.of("key: " + key + "; allowed: at most " + HIGHEST);
        }
        if (run.endsBefore(key)) {
            return Optional.of("key: " + key + "; allowed: a batch number below data.batches, " + run.data().batches());
        }
        if (fact.getIncarnation() < 0 || fact.getStep() < 0) {
            return Optional.of("incarnation, step: " + fact.getIncarnation() + ", " + fact.getStep() + "; allowed: 0 and above");
        }
        if (!Float.isFinite(fact.getEpsilon())) {
            return Optional.of("epsilon: " + fact.getEpsilon() + "; allowed: a finite number");
        }
        List<ClassTally> classes = fact.getClasses();
        if (!classes.stream().allMatch(StreamFactCheck::countable)
                || !classes.isEmpty() && classes.stream().mapToLong(ClassTally::getImages).sum() != fact.getImages()) {
            return Optional.of("classes: " + classes + "; allowed: tallies of " + fact.getImages()
                    + " images in all, none of it above them or below 0");
        }
        return fact.getChannels().stream().allMatch(StreamFactCheck::countable) ? Optional.empty()
                : Optional.of("channels: " + fact.getChannels() + "; allowed: sums over values in [0, 1]");
    }

    private static boolean countable(ClassTally tally) {
        // so few that no sum of them overflows
        return within(tally.getImages(), Integer.MAX_VALUE) && within(tally.getRobust(), tally.getImages())
                && within(tally.getCleanImages(), tally.getImages()) && within(tally.getClean(), tally.getCleanImages());
    }

    private static boolean within(long count, long most) {
        return count >= 0 && count <= most;
    }

    /** Each value is at most 1, and its square at most itself. */
    private static boolean countable(ChannelSums sums) {
        double rounding = 1e-9 * sums.getValues();
        return within(sums.getValues(), 1L << 40) && sums.getSquares() >= 0 && sums.getSquares() <= sums.getSum() + rounding
                && sums.getSum() <= sums.getValues() + rounding;
    }
}

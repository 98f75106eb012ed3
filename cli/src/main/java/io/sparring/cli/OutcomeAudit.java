package io.sparring.cli;

import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether the training steps of a run that has ended are what it promises: one outcome a number, steps that follow each other. */
final class OutcomeAudit {

    /** As many examples of a broken promise are named. */
    private static final int EXAMPLES = 5;

    private final RunSpecification run;
    private final List<TrainingStep> steps;
    private final Map<UpdateIdentity, Long> updates;
    private final List<String> broken = new ArrayList<>();
    private final Set<Long> missing = new TreeSet<>();
    private final Map<Long, Integer> repeated = new TreeMap<>();

    /**
     * @param steps in the order of the topic
     * @param updates {@code nextBatch} of each update
     */
    OutcomeAudit(RunSpecification run, List<TrainingStep> steps, Map<UpdateIdentity, Long> updates) {
        this.run = run;
        this.steps = List.copyOf(steps);
        this.updates = updates;
        outcomes();
        succession();
        staleness();
    }

    /** The promises that do not hold, each with examples. */
    List<String> broken() {
        return List.copyOf(broken);
    }

    /** Batch numbers without an outcome. */
    long lost() {
        return missing.size();
    }

    /** Outcomes beyond the first of their number. */
    long duplicated() {
        return repeated.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The largest that any step has. */
    long maxStaleness() {
        return steps.stream().filter(step -> step.getStaleness() != null).mapToLong(TrainingStep::getStaleness).max().orElse(0);
    }

    /** How many incarnations have steps. */
    int incarnations() {
        return (int) steps.stream().mapToInt(TrainingStep::getIncarnation).distinct().count();
    }

    private void outcomes() {
        Set<Long> seen = new TreeSet<>();
        for (TrainingStep step : steps) {
            if (!seen.add(step.getBatchNumber())) {
                repeated.merge(step.getBatchNumber(), 1, Integer::sum);
            }
        }
        for (long number = 0; number < run.data().batches(); number++) {
            if (!seen.contains(number)) {
                missing.add(number);
            }
        }
        require(missing.isEmpty(), "every batch number has an outcome", missing);
        require(repeated.isEmpty(), "no batch number has two outcomes", repeated.keySet());
        seen.removeIf(number -> number < run.data().batches());
        require(seen.isEmpty(), "no outcome is of a batch that the run does not have", seen);
    }

    private void succession() {
        List<String> jumps = new ArrayList<>();
        long step = 0;
        int incarnation = 0;
        for (TrainingStep next : steps) {
            boolean applied = next.getOutcome() == Outcome.TRAINED || next.getOutcome() == Outcome.REFRESHED;
            long expected = step + (applied ? 1 : 0);
            // a new incarnation goes on from the weights at hand, so its steps follow too
            if (next.getStep() != expected || next.getIncarnation() < incarnation) {
                jumps.add("batch " + next.getBatchNumber() + " is step " + next.getIncarnation() + "/" + next.getStep()
                        + " after " + incarnation + "/" + step);
            }
            step = next.getStep();
            incarnation = next.getIncarnation();
        }
        require(jumps.isEmpty(), "each batch is applied once, in one step", jumps);
    }

    private void staleness() {
        // the smallest number may have waited while those ahead of it were applied
        long bound = run.window() + run.ahead();
        long trained = run.staleness().policy().equals("train") ? bound : run.stalenessAllowed();
        List<String> stale = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (TrainingStep step : steps) {
            if (step.getStaleness() != null && (step.getOutcome() == Outcome.TRAINED && step.getStaleness() > trained
                    || step.getOutcome() == Outcome.REFRESHED && step.getStaleness() > bound)) {
                stale.add("batch " + step.getBatchNumber() + ": " + step.getStaleness() + ", " + step.getOutcome());
            }
            if (run.exact() && step.getCraftedStep() != null) {
                Long at = updates.get(new UpdateIdentity(step.getCraftedIncarnation(), step.getCraftedStep()));
                if (at == null || at != run.craftedAt(step.getBatchNumber())) {
                    others.add("batch " + step.getBatchNumber() + ": crafted against that of batch " + at + " rather than "
                            + run.craftedAt(step.getBatchNumber()));
                }
            }
        }
        require(stale.isEmpty(),
                "no batch is more stale than " + bound + ", and none that was trained as received than " + trained, stale);
        require(others.isEmpty(), "each batch is crafted against the update that its number decides", others);
    }

    private void require(boolean holds, String promise, Iterable<?> examples) {
        if (!holds) {
            broken.add(broken(promise, examples));
        }
    }

    /** A promise that does not hold, with a few examples of what breaks it. */
    static String broken(String promise, Iterable<?> examples) {
        List<String> all = new ArrayList<>();
        examples.forEach(example -> all.add(String.valueOf(example)));
        return promise + ": not so for " + all.stream().limit(EXAMPLES).collect(Collectors.joining(", "))
                + (all.size() > EXAMPLES ? " and " + (all.size() - EXAMPLES) + " more" : "");
    }
}

package io.sparring.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The versions of a run's specification, oldest first. What changes from one to the next is the trainer's alone: all else
 * must agree with what is in the topics and in the model program.
 */
public record SpecificationVersions(List<SpecificationVersion> all) {

    /** The keys that a later version may have other values of. */
    public static final Set<String> CHANGEABLE = Set.of("objective.lambda", "objective.beta", "optimizer.learningRate",
            "optimizer.schedule", "optimizer.milestones", "optimizer.factor");

    public SpecificationVersions {
        all = List.copyOf(all);
    }

    /** Those of a run that has not been changed. */
    public static SpecificationVersions of(RunSpecification first) {
        return new SpecificationVersions(List.of(new SpecificationVersion(1, 0, first)));
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** The newest of those that are meant for a batch: a later version takes the place of all before it. */
    public SpecificationVersion at(long batchNumber) {
        SpecificationVersion newest = all.get(0);
        for (SpecificationVersion each : all) {
            newest = each.fromBatch() <= batchNumber ? each : newest;
        }
        return newest;
    }

    /** @throws IllegalArgumentException if there is no such version */
    public SpecificationVersion version(int version) {
        return all.stream().filter(each -> each.version() == version).findFirst().orElseThrow(() ->
                new IllegalArgumentException("version " + version + " of the run's specification is not on the topic runs"));
    }

    public SpecificationVersion newest() {
        return all.get(all.size() - 1);
    }

    /** These, or the others if those are more: a version is never taken back. */
    public SpecificationVersions orLonger(SpecificationVersions others) {
        return others.all.size() > all.size() ? others : this;
    }

    /**
     * The version that comes next.
     *
     * @throws IllegalArgumentException if nothing is changed, or a key that may not be, naming them
     */
    public SpecificationVersion next(RunSpecification wanted, long fromBatch) {
        List<String> differences = RunFile.differences(newest().specification(), wanted);
        if (differences.isEmpty()) {
            throw new IllegalArgumentException("run " + wanted.run() + " has these values already, in version "
                    + newest().version() + " of its specification");
        }
        List<String> fixed = new ArrayList<>(differences);
        fixed.removeAll(CHANGEABLE);
        Setting.require(fixed.isEmpty(), "changed keys", String.join(", ", fixed),
                String.join(", ", CHANGEABLE.stream().sorted().toList()) + "; the others are what the run is made of");
        return new SpecificationVersion(newest().version() + 1, fromBatch, wanted);
    }

    /**
     * Refuses a specification that is none of these.
     *
     * @throws IllegalArgumentException naming the keys in which it differs from the newest
     */
    public void requireKnown(RunSpecification expected) {
        if (all.stream().noneMatch(each -> RunFile.differences(each.specification(), expected).isEmpty())) {
            throw new IllegalArgumentException("run " + expected.run() + " is already published with other values of "
                    + String.join(", ", RunFile.differences(newest().specification(), expected))
                    + "; use its values, or another run name; `sparring change` gives a run new ones of "
                    + String.join(", ", CHANGEABLE.stream().sorted().toList()));
        }
    }
}

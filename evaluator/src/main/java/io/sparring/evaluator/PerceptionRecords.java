package io.sparring.evaluator;

import io.sparring.learning.PerceptionConsistency;
import io.sparring.schemas.Perception;
import io.sparring.schemas.PerceptionGroup;
import io.sparring.schemas.PerceptionSums;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** The diagnostics of {@link PerceptionConsistency} as records: the sums, which travel, and the figures made of them. */
final class PerceptionRecords {

    private PerceptionRecords() {
    }

    static Perception of(PerceptionConsistency sums) {
        return new Perception(of(sums.defended()), of(sums.fooled()), of(sums.wrongWhenClean()));
    }

    private static PerceptionSums of(io.sparring.learning.PerceptionSums sums) {
        return new PerceptionSums(sums.images(), sums.cleanPerturbed(), sums.cleanMidpoint(), sums.midpointPerturbed(),
                sums.linearity(), sums.cleanVariance());
    }

    static PerceptionConsistency read(Perception record) {
        return new PerceptionConsistency(read(record.getDefended()), read(record.getFooled()), read(record.getWrongWhenClean()));
    }

    private static io.sparring.learning.PerceptionSums read(PerceptionSums sums) {
        return new io.sparring.learning.PerceptionSums(sums.getImages(), sums.getCleanPerturbed(), sums.getCleanMidpoint(),
                sums.getMidpointPerturbed(), sums.getLinearity(), sums.getCleanVariance());
    }

    /** Whether the sums are of so many images, and numbers that can be added. */
    static boolean countable(Perception record, int images) {
        List<PerceptionSums> groups = List.of(record.getDefended(), record.getFooled(), record.getWrongWhenClean());
        return groups.stream().allMatch(sums -> sums.getImages() >= 0 && sums.getImages() <= images)
                && groups.stream().mapToLong(PerceptionSums::getImages).sum() == images
                && groups.stream().flatMapToDouble(sums -> DoubleStream.of(sums.getCleanPerturbed(), sums.getCleanMidpoint(),
                        sums.getMidpointPerturbed(), sums.getLinearity(), sums.getCleanVariance()))
                        .allMatch(value -> Double.isFinite(value) && value >= 0);
    }

    /** The figures of each group that has images. */
    static List<PerceptionGroup> groups(PerceptionConsistency sums) {
        return Stream.of(group("all", sums.all()), group("defended", sums.defended()), group("failed", sums.failed()),
                        group("wrong-when-clean", sums.wrongWhenClean()), group("fooled", sums.fooled()))
                .flatMap(List::stream).toList();
    }

    private static List<PerceptionGroup> group(String name, io.sparring.learning.PerceptionSums sums) {
        if (sums.images() == 0) {
            return List.of();
        }
        double images = sums.images();
        List<Double> normalized = new ArrayList<>();
        for (double sum : new double[] {sums.cleanPerturbed(), sums.cleanMidpoint(), sums.midpointPerturbed(), sums.linearity()}) {
            normalized.add(sums.cleanVariance() == 0 ? null : (Double) (sum / sums.cleanVariance()));
        }
        return List.of(new PerceptionGroup(name, sums.images(), sums.cleanPerturbed() / images, sums.cleanMidpoint() / images,
                sums.midpointPerturbed() / images, sums.linearity() / images, sums.cleanVariance() / images, normalized.get(0),
                normalized.get(1), normalized.get(2), normalized.get(3)));
    }
}

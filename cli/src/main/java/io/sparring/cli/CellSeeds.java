package io.sparring.cli;

import io.sparring.learning.WilsonInterval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What one cell of a study has given, with those of its seeds that have been run.
 *
 * @param name    of the cell
 * @param results one for each seed, in the study's order; may be empty
 */
record CellSeeds(String name, StudyCell cell, List<CellResult> results) {

    /** The curve that it is part of; empty without. */
    String group() {
        return cell.group() == null ? "" : cell.group();
    }

    /** By which pictures and verdicts name it. */
    String label() {
        return cell.label() == null ? name : cell.label();
    }

    /** The share of images that are right under an attack; of the seeds that it was run on as many images with. */
    Optional<CrossedInterval> accuracy(String attack) {
        List<double[]> rows = new ArrayList<>();
        for (CellResult result : results) {
            boolean[] right = result.right(attack);
            if (right != null && (rows.isEmpty() || rows.get(0).length == right.length)) {
                rows.add(difference(right, new boolean[right.length]));
            }
        }
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        CrossedInterval found = CrossedInterval.of(rows.toArray(double[][]::new));
        if (rows.size() == 1) {
            // of one proportion, which holds near 0 and 1 too
            WilsonInterval wilson = WilsonInterval.of(Math.round(found.mean() * found.images()), found.images());
            return Optional.of(new CrossedInterval(found.mean(), wilson.lower(), wilson.upper(), found.degreesOfFreedom(), 1,
                    found.images()));
        }
        return Optional.of(new CrossedInterval(found.mean(), Math.max(0, found.lower()), Math.min(1, found.upper()),
                found.degreesOfFreedom(), found.seeds(), found.images()));
    }

    /** This cell's accuracy less another's on the same images, for the seeds that both have. */
    Optional<CrossedInterval> difference(String attack, CellSeeds other) {
        List<double[]> rows = new ArrayList<>();
        for (CellResult result : results) {
            for (CellResult base : other.results) {
                boolean[] right = result.right(attack);
                boolean[] without = base.right(attack);
                if (base.seed() == result.seed() && right != null && without != null && right.length == without.length
                        && base.dataSha256().equals(result.dataSha256())
                        && (rows.isEmpty() || rows.get(0).length == right.length)) {
                    rows.add(difference(right, without));
                }
            }
        }
        return rows.isEmpty() ? Optional.empty() : Optional.of(CrossedInterval.of(rows.toArray(double[][]::new)));
    }

    private static double[] difference(boolean[] one, boolean[] other) {
        double[] difference = new double[one.length];
        for (int i = 0; i < one.length; i++) {
            difference[i] = (one[i] ? 1 : 0) - (other[i] ? 1 : 0);
        }
        return difference;
    }

    /**
     * How the diagnostics of a group of images compare with those of defended ones, over the seeds that have both.
     *
     * @param group failed, or fooled
     */
    Optional<RatioInterval> perceptionRatio(String group, Function<PerceptionFigures, Double> figure) {
        List<Double> ratios = new ArrayList<>();
        for (CellResult result : results) {
            Double of = figure(result, group, figure);
            Double defended = figure(result, "defended", figure);
            if (of != null && defended != null && of > 0 && defended > 0) {
                ratios.add(of / defended);
            }
        }
        return ratios.isEmpty() ? Optional.empty() : Optional.of(RatioInterval.of(ratios));
    }

    private static Double figure(CellResult result, String group,
            Function<PerceptionFigures, Double> figure) {
        return result.perception().stream().filter(each -> each.group().equals(group)).findFirst().map(figure).orElse(null);
    }
}

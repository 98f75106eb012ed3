package io.sparring.benchmarks;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * What the rounds of one network in one precision come to.
 *
 * @param figures by who made them, a turn each
 */
record StepResult(StepPlan plan, Map<String, List<StepFigures>> figures) {

    private static final String HEAD = String.format(Locale.ROOT, "%-13s %-9s %-8s %8s %8s %8s %7s", "network", "precision",
            "", "attack", "train", "step", "ratio");

    /** Images a second of the whole step: the median of the rounds. */
    double step(String who) {
        return median(who, StepFigures::step);
    }

    /** The yardstick's fastest layout; null if there is no yardstick. */
    String fastest() {
        return Yardstick.LAYOUTS.stream().filter(figures::containsKey)
                .reduce((one, other) -> step(one) >= step(other) ? one : other).orElse(null);
    }

    /**
     * As a row of the report.
     *
     * @param published images a second of the published way, float32 and NCHW, of the same run; not a number if not measured
     */
    Map<String, Object> row(double published) {
        Map<String, Object> row = new LinkedHashMap<>();
        double ours = step(StepMeasurement.OURS);
        String fastest = fastest();
        row.put("network", plan.network().label());
        row.put("precision", StepCommand.label(plan.precision()));
        row.put("ours", ours);
        row.put("theirs", fastest == null ? null : step(fastest));
        row.put("ratio", fastest == null ? null : ours / step(fastest));
        row.put("theirLayout", fastest);
        row.put("published", Double.isNaN(published) ? null : published);
        row.put("ratioToPublished", Double.isNaN(published) ? null : ours / published);
        row.put("arrangement", plan.arrangement().toString());
        row.put("batch", plan.batch());
        row.put("steps", plan.steps());
        Map<String, Object> attack = new TreeMap<>();
        Map<String, Object> train = new TreeMap<>();
        Map<String, Object> rounds = new TreeMap<>();
        figures.forEach((who, turns) -> {
            attack.put(who, median(who, StepFigures::attack));
            train.put(who, median(who, StepFigures::train));
            rounds.put(who, turns.stream().map(StepFigures::step).toList());
        });
        row.put("attack", attack);
        row.put("train", train);
        row.put("rounds", rounds);
        return row;
    }

    /** All results as a table. */
    static String table(Collection<StepResult> results) {
        StringBuilder table = new StringBuilder(HEAD);
        for (StepResult result : results) {
            double ours = result.step(StepMeasurement.OURS);
            result.figures.keySet().forEach(who -> table.append(String.format(Locale.ROOT,
                    "%n%-13s %-9s %-8s %8.1f %8.1f %8.1f %7s",
                    result.plan.network().label(), StepCommand.label(result.plan.precision()), who,
                    result.median(who, StepFigures::attack), result.median(who, StepFigures::train), result.step(who),
                    who.equals(StepMeasurement.OURS) ? "" : String.format(Locale.ROOT, "%.3f", ours / result.step(who)))));
        }
        return table + System.lineSeparator()
                + "images a second, medians of the rounds; ratio: ours by theirs, of the whole step";
    }

    private double median(String who, ToDoubleFunction<StepFigures> figure) {
        return Medians.median(figures.get(who).stream().mapToDouble(figure).boxed().toList());
    }
}

package io.sparring.cli;

import io.sparring.dashboard.IntervalChart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What a study has found, as pictures: a column for each label, a curve for each group. */
final class StudyPictures {

    private final StudyFindings findings;

    StudyPictures(StudyFindings findings) {
        this.findings = findings;
    }

    /** Accuracy under the strongest attack that all cells have been under. */
    Optional<IntervalChart> accuracy() {
        String attack = null;
        for (String each : findings.attacks()) {
            attack = findings.cells().values().stream().allMatch(cell -> cell.accuracy(each).isPresent()) ? each : attack;
        }
        String chosen = attack;
        return chosen == null ? Optional.empty() : chart("Accuracy, " + StudyTables.shown(chosen), "share of the images",
                Map.of(), cell -> cell.accuracy(chosen));
    }

    /** The paired differences of the cells that are compared, under the attack that decides. */
    Optional<IntervalChart> difference() {
        Map<String, Double> rules = new LinkedHashMap<>();
        rules.put("as what it is compared with", 0.0);
        rules.put("margin", -findings.study().margin());
        return chart("Difference in robust accuracy", "paired difference", rules,
                cell -> findings.comparison(cell).map(StudyFindings.Comparison::difference));
    }

    private Optional<IntervalChart> chart(String title, String up, Map<String, Double> rules,
            Function<CellSeeds, Optional<CrossedInterval>> figure) {
        LinkedHashSet<String> labels = new LinkedHashSet<>();
        findings.cells().values().forEach(cell -> figure.apply(cell).ifPresent(there -> labels.add(cell.label())));
        List<String> categories = List.copyOf(labels);
        Map<String, List<IntervalChart.Point>> groups = new LinkedHashMap<>();
        findings.cells().values().forEach(cell -> figure.apply(cell).ifPresent(of ->
                groups.computeIfAbsent(cell.group(), group -> new ArrayList<>()).add(new IntervalChart.Point(
                        categories.indexOf(cell.label()), of.mean(), of.lower(), of.upper()))));
        List<IntervalChart.Series> series = groups.entrySet().stream()
                .map(entry -> new IntervalChart.Series(entry.getKey(), entry.getValue())).toList();
        String said = title + " by " + (findings.study().across().isEmpty() ? "cell" : findings.study().across())
                + ", with 95 % intervals; the table has all values";
        return series.isEmpty() ? Optional.empty() : Optional.of(new IntervalChart(findings.study().title() + ": " + title, said,
                findings.study().across(), up, categories, series, rules));
    }
}

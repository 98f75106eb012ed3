package io.sparring.cli;

import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a study has found, as tables of Markdown. */
final class StudyTables {

    private static final String NONE = "–";

    private final StudyFindings findings;
    private final List<String> attacks;

    StudyTables(StudyFindings findings) {
        this.findings = findings;
        this.attacks = findings.attacks();
    }

    /** What was trained on, and how; where cells differ in it, the table's cells tell. */
    List<String> setting() {
        CellResult first = findings.cells().values().iterator().next().results().get(0);
        RunSpecification run = RunFile.fromJson(first.settings().toString());
        return List.of(String.format(Locale.ROOT, "The first cell: %s, %s of width %d, %s, %,d steps of %d images, crafted with "
                + "PGD-%d at ε %s. Run on: %s; TensorFlow %s.%n", run.data().name(), run.network().name(), run.network().width(),
                run.objective().name(), first.steps(), run.data().batchSize(), run.attack().steps(), run.attack().epsilon(),
                first.machine().text(), first.versions().getOrDefault("tensorFlow", NONE)));
    }

    List<String> accuracies() {
        List<String> lines = head("cell", "seeds", "n");
        attacks.forEach(attack -> append(lines, shown(attack)));
        append(lines, "staleness", "minutes");
        findings.cells().values().forEach(cell -> {
            List<String> row = new ArrayList<>(List.of("`" + cell.name() + "`", seeds(cell), Integer.toString(
                    cell.results().get(0).images())));
            attacks.forEach(attack -> row.add(cell.accuracy(attack).map(StudyTables::share).orElse(NONE)));
            row.add(staleness(cell));
            row.add(String.format(Locale.ROOT, "%.1f", cell.results().stream().mapToDouble(result -> result.seconds().values()
                    .stream().mapToDouble(Double::doubleValue).sum()).average().orElse(0) / 60));
            lines.add(row(row));
        });
        lines.add("");
        lines.add("Staleness is the mean over the training steps and the largest, minutes the mean over seeds of training and "
                + "evaluation.\n");
        return lines;
    }

    List<String> differences() {
        List<String> lines = head("cell", "against", "seeds", "n");
        attacks.forEach(attack -> append(lines, shown(attack)));
        append(lines, "by", "a loss of " + points(findings.study().margin()) + " or more?");
        List<StudyFindings.Comparison> comparisons = findings.comparisons();
        if (comparisons.isEmpty()) {
            return List.of();
        }
        for (StudyFindings.Comparison each : comparisons) {
            List<String> row = new ArrayList<>(List.of("`" + each.cell().name() + "`", "`" + each.against().name() + "`",
                    Integer.toString(each.difference().seeds()), Integer.toString(each.difference().images())));
            attacks.forEach(attack -> row.add(each.cell().difference(attack, each.against()).map(StudyTables::difference).orElse(NONE)));
            row.add(shown(each.attack()));
            row.add(each.verdict().text());
            lines.add(row(row));
        }
        lines.add("");
        return lines;
    }

    /** What has been decided of each group of cells, a line each, and of perception; none where there is nothing to decide. */
    List<String> verdicts() {
        Map<String, Map<String, List<String>>> verdicts = new LinkedHashMap<>();
        for (StudyFindings.Comparison each : findings.comparisons()) {
            put(verdicts, each.cell().group(), each.verdict().text(), each.cell().label());
        }
        findings.cells().values().forEach(cell -> cell.perceptionRatio("failed", PerceptionFigures::cleanPerturbed)
                .ifPresent(ratio -> put(verdicts, "perception, failed / defended", ratio.besideOne(), "`" + cell.name() + "`")));
        return verdicts.entrySet().stream().map(group -> (group.getKey().isEmpty() ? "" : group.getKey() + ": ")
                + group.getValue().entrySet().stream().map(of -> of.getKey() + ": " + String.join(", ", of.getValue()))
                        .collect(Collectors.joining("; "))).toList();
    }

    private static void put(Map<String, Map<String, List<String>>> verdicts, String group, String verdict, String cell) {
        verdicts.computeIfAbsent(group, any -> new LinkedHashMap<>()).computeIfAbsent(verdict, any -> new ArrayList<>()).add(cell);
    }

    /** The diagnostics, where cells have been measured under them. */
    List<String> perception() {
        List<String> lines = head("cell", "seeds", "failed / defended", "is", "normalised", "fooled / defended",
                "linearity error, failed / defended");
        int head = lines.size();
        findings.cells().values().forEach(cell -> cell.perceptionRatio("failed", PerceptionFigures::cleanPerturbed).ifPresent(ratio ->
                lines.add(row(List.of("`" + cell.name() + "`", Integer.toString(ratio.seeds()), ratio(ratio), ratio.besideOne(),
                        ratio(cell, "failed", PerceptionFigures::normalizedCleanPerturbed),
                        ratio(cell, "fooled", PerceptionFigures::cleanPerturbed),
                        ratio(cell, "failed", PerceptionFigures::linearity))))));
        if (lines.size() == head) {
            return List.of();
        }
        lines.add(0, "Perception consistency: the mean squared change of the logits under the run's PGD, of images that are "
                + "wrong under it over those that are right; the same over the variance of the clean logits; and of images that only "
                + "the attack makes wrong over those that are right. Geometric mean over seeds that have images of both kinds, with the "
                + "interval of Student's t of the logarithms.\n");
        lines.add("");
        return lines;
    }

    private static String ratio(CellSeeds cell, String group, Function<PerceptionFigures, Double> figure) {
        return cell.perceptionRatio(group, figure).map(StudyTables::ratio).orElse(NONE);
    }

    private static String seeds(CellSeeds cell) {
        return cell.results().stream().map(result -> Long.toString(result.seed())).collect(Collectors.joining(", "));
    }

    private static String staleness(CellSeeds cell) {
        List<StalenessSeen> seen = cell.results().stream().map(CellResult::staleness).filter(each -> each != null).toList();
        return seen.isEmpty() ? NONE : String.format(Locale.ROOT, "%.1f (%d)", seen.stream()
                .mapToDouble(StalenessSeen::mean).average().orElseThrow(), seen.stream().mapToLong(StalenessSeen::most).max().orElseThrow());
    }

    /** As 68.0 % (66.1 to 69.8). */
    static String share(CrossedInterval of) {
        return String.format(Locale.ROOT, "%.1f %% (%.1f to %.1f)", 100 * of.mean(), 100 * of.lower(), 100 * of.upper());
    }

    /** As −0.3 (−1.2 to +0.6). */
    static String difference(CrossedInterval of) {
        return signed(of.mean()) + " (" + signed(of.lower()) + " to " + signed(of.upper()) + ")";
    }

    private static String signed(double share) {
        return String.format(Locale.ROOT, "%+.1f", 100 * share).replace("-0.0", "0.0").replace("+0.0", "0.0").replace('-', '−');
    }

    private static String points(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share).replaceFirst("\\.0$", "") + (share == 0.01 ? " point" : " points");
    }

    private static String ratio(RatioInterval of) {
        return of.seeds() < 2 ? String.format(Locale.ROOT, "%.2f (one seed)", of.mean())
                : String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", of.mean(), of.lower(), of.upper());
    }

    /** The name by which an attack is known. */
    static String shown(String attack) {
        return attack.startsWith("pgd") ? "PGD-" + attack.substring(3)
                : attack.equals(AttackOptions.AUTO_ATTACK) ? "AutoAttack" : attack;
    }

    private static List<String> head(String... columns) {
        List<String> lines = new ArrayList<>(List.of("|", "|"));
        append(lines, columns);
        return lines;
    }

    private static void append(List<String> head, String... columns) {
        for (String column : columns) {
            head.set(0, head.get(0) + " " + column + " |");
            head.set(1, head.get(1) + "---|");
        }
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |";
    }
}

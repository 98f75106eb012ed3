package io.sparring.cli;

import io.sparring.learning.WilsonInterval;
import io.sparring.learning.autoattack.AttackSuite;
import io.sparring.learning.autoattack.MaskingFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What an evaluation has found, as a table. */
final class EvaluationTable {

    private EvaluationTable() {
    }

    /** A line for each figure, and for each check for gradient masking. */
    static List<String> lines(EvaluationResult result, String pgd) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%-22s  %8s  %18s  %7s  %9s", "", "accuracy", "95 % interval", "stand", "seconds"));
        lines.add(line(AttackSuite.CLEAN, result.clean(), result.images(), null));
        result.pgd().ifPresent(attacked -> lines.add(line(pgd, attacked.standing(), result.images(), attacked.seconds())));
        result.standing().forEach((part, standing) -> lines.add(line(result.alone() ? part + " alone" : "to " + part, standing,
                result.images(), result.alone() ? result.seconds().get(part) : null)));
        result.autoAttack().ifPresent(standing -> lines.add(
                line("AutoAttack", standing, result.images(), result.seconds().get("autoattack"))));
        result.mean().ifPresent(mean -> lines.add(String.format(Locale.ROOT, "%-22s  %6.2f %%", "mean", 100 * mean)));
        result.harmonicMean().ifPresent(mean -> lines.add(String.format(Locale.ROOT, "%-22s  %6.2f %%", "NRR", 100 * mean)));
        if (!result.masking().isEmpty()) {
            lines.add("gradient masking:");
            result.masking().forEach(finding -> lines.add(line(finding)));
        }
        return lines;
    }

    private static String line(String name, int standing, int images, Double seconds) {
        WilsonInterval interval = WilsonInterval.of(standing, images);
        return String.format(Locale.ROOT, "%-22s  %6.2f %%  %6.2f to %6.2f %%  %,7d  %9s", name, 100.0 * standing / images,
                100 * interval.lower(), 100 * interval.upper(), standing,
                seconds == null ? "" : String.format(Locale.ROOT, "%.1f", seconds)).stripTrailing();
    }

    private static String line(MaskingFinding finding) {
        return String.format(Locale.ROOT, "  %-10s  %-14s  %s", finding.suspicious() ? "SUSPICIOUS" : "as it should",
                finding.check(), finding.seen() + (finding.suspicious() ? " (" + finding.meaning() + ")" : ""));
    }
}

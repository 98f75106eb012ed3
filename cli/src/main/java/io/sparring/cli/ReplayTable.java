package io.sparring.cli;

import io.sparring.trainer.ReplayResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a replay has found, as a table. */
final class ReplayTable {

    private ReplayTable() {
    }

    /** A line for each fact; of the perturbations only where some were crafted again. */
    static List<String> lines(ReplayResult result) {
        List<String> lines = new ArrayList<>();
        lines.add(line("run", "%s, from update %s, in %.1f s", result.run(), result.beginsAt(), result.seconds()));
        lines.add(line("batches", "%,d, of which %,d moved the weights", result.batches(), result.steps()));
        lines.add(line("updates", "%,d of %,d identical", result.identical(), result.updates()));
        if (result.averages() > 0) {
            lines.add(line("averages", "%,d of %,d identical", result.averagesIdentical(), result.averages()));
        }
        if (result.recrafted() + result.updatesGone() > 0) {
            lines.add(line("perturbations", "%,d of %,d identical%s", result.recraftedIdentical(), result.recrafted(),
                    result.updatesGone() == 0 ? "" : String.format(Locale.ROOT,
                            "; the updates that %,d more were crafted against are trimmed", result.updatesGone())));
        }
        lines.add(line("incarnations", "%s", result.incarnations().stream().map(ReplayTable::incarnation)
                .collect(Collectors.joining("; "))));
        lines.add(line("computed on", "%s", result.platform()));
        for (String recorded : result.recordedPlatforms()) {
            if (!recorded.equals(result.platform())) {
                lines.add(line("recorded on", "%s", recorded));
            }
        }
        result.platformDifferences().forEach(difference -> lines.add(line("differs in", "%s", difference)));
        lines.add(line("difference", "%s", result.firstDifference() == null ? "none" : result.firstDifference()));
        return lines;
    }

    private static String incarnation(ReplayResult.Incarnation incarnation) {
        return String.format(Locale.ROOT, "%d from step %,d%s", incarnation.incarnation(), incarnation.step(),
                incarnation.continuous() ? "" : ", with other weights than the last ended with");
    }

    private static String line(String name, String format, Object... values) {
        return String.format(Locale.ROOT, "%-15s", name) + String.format(Locale.ROOT, format, values);
    }
}

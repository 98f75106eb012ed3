package io.sparring.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a chaos run ends with.
 *
 * @param kills by role
 * @param faults by fault point, how many of the kills were there
 * @param pauses processes that were held up for longer than their session and then let go on
 * @param deaths processes that ended though nobody had killed them, and were started again
 * @param batches that have an outcome
 * @param lost batch numbers without an outcome
 * @param duplicated outcomes beyond the first of a number
 * @param bitIdentical whether the weights are those of {@code comparedWith}
 * @param comparedWith an undisturbed run of the same specification, or the run's own replay
 * @param weightsSha256 digest of the final weights, null if there are none
 * @param maxStaleness largest of all steps
 * @param broken the promises that do not hold, each with what shows it
 */
record ChaosResult(Map<String, Integer> kills, Map<String, Integer> faults, int pauses, int deaths, long batches, long lost,
        long duplicated, boolean bitIdentical, String comparedWith, String weightsSha256, long maxStaleness, int incarnations,
        double seconds, List<String> broken) {

    /** It as a table. */
    List<String> table() {
        List<String> lines = new ArrayList<>();
        kills.forEach((role, count) -> lines.add(line("kills of " + role, count)));
        faults.forEach((point, count) -> lines.add(line("  of these at " + point, count)));
        lines.add(line("kills", kills.values().stream().mapToInt(Integer::intValue).sum()));
        lines.add(line("pauses", pauses));
        lines.add(line("deaths by themselves", deaths));
        lines.add(line("batches with an outcome", batches));
        lines.add(line("lost", lost));
        lines.add(line("duplicated", duplicated));
        lines.add(line("largest staleness", maxStaleness));
        lines.add(line("incarnations", incarnations));
        lines.add(line("bits as " + comparedWith, bitIdentical ? "identical" : "DIFFERENT"));
        lines.add(line("seconds", String.format(Locale.ROOT, "%.0f", seconds)));
        broken.forEach(promise -> lines.add("BROKEN: " + promise));
        return lines;
    }

    private static String line(String what, Object value) {
        return String.format(Locale.ROOT, "%-36s %10s", what, value);
    }
}

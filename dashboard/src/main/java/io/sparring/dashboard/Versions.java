package io.sparring.dashboard;

import io.sparring.dashboard.DataTable.Cell;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.UpdateIdentity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** All that the topic {@code robustness} says of the newest {@link #MOST} versions of a run's model. */
final class Versions {

    static final int MOST = 1_000;
    private static final List<String> KEY = List.of("incarnation", "step", "attack", "slice");
    private static final List<String> LAST = List.of("autoattack", "mean", "nrr");

    private final NavigableMap<UpdateIdentity, Map<Reported, Robustness>> versions = new TreeMap<>();
    private final Comparator<Reported> order;
    private boolean more;

    private record Reported(String attack, String slice) {
    }

    /** @param robust name of the run's evaluation attack in reports */
    Versions(String robust) {
        // as papers have it: clean, the attack that every version gets, others, what is made of all
        order = Comparator.comparing(Reported::slice).thenComparing(each -> each.attack().equals("clean") ? -2
                : each.attack().equals(robust) ? -1 : LAST.indexOf(each.attack()) + 1).thenComparing(Reported::attack);
    }

    void add(Robustness report) {
        versions.computeIfAbsent(new UpdateIdentity(report.getIncarnation(), report.getStep()), update -> new TreeMap<>(order))
                .put(new Reported(report.getAttack(), report.getSlice()), report);
        if (versions.size() > MOST) {
            versions.pollFirstEntry();
            more = true;
        }
    }

    int count() {
        return versions.size();
    }

    /** Whether there were older versions than those kept. */
    boolean more() {
        return more;
    }

    /**
     * A table for each slice, with a row for each version, newest first, and a column for each attack.
     *
     * @param incarnations where each began, as far as training steps tell
     */
    List<DataTable> tables(List<TrainingSeries.Beginning> incarnations) {
        TreeSet<Reported> reported = new TreeSet<>(order);
        versions.values().forEach(each -> reported.addAll(each.keySet()));
        return reported.stream().map(Reported::slice).distinct().map(slice -> {
            List<Reported> columns = reported.stream().filter(each -> each.slice().equals(slice)).toList();
            List<List<Cell>> rows = new ArrayList<>();
            versions.descendingMap().forEach((update, reports) -> {
                if (columns.stream().anyMatch(reports::containsKey)) {
                    List<Cell> row = new ArrayList<>();
                    row.add(new Cell(update.key(), isBehind(update, incarnations) ? "left behind" : ""));
                    columns.forEach(column -> row.add(cell(reports.get(column))));
                    rows.add(row);
                }
            });
            List<String> heads = new ArrayList<>(List.of("Update"));
            columns.forEach(column -> heads.add(head(column)));
            return new DataTable(Shown.text(slice), heads, rows);
        }).toList();
    }

    /** Every field of every record, newest version first. */
    FieldTables fields() {
        return new FieldTables(Robustness.getClassSchema(), KEY,
                versions.descendingMap().values().stream().flatMap(reports -> reports.values().stream()).toList());
    }

    private String head(Reported column) {
        Robustness newest = versions.descendingMap().values().stream().filter(reports -> reports.containsKey(column)).findFirst()
                .orElseThrow().get(column);
        return Figures.attack(column.attack()) + (newest.getEpsilon() == 0 ? ""
                : " (" + Figures.norm(newest.getNorm()) + " ε " + Figures.number((double) newest.getEpsilon()) + ")");
    }

    private static Cell cell(Robustness report) {
        if (report == null) {
            return Cell.of(Figures.NONE);
        }
        return report.getStatus() == ReportStatus.COMPLETE
                ? new Cell(Figures.percent(report.getAccuracy()), Figures.interval(report.getLower(), report.getUpper()))
                : new Cell("incomplete", report.getReported().size() + " of " + report.getBatches() + " batches");
    }

    /** A later incarnation went on from an earlier step. */
    private static boolean isBehind(UpdateIdentity update, List<TrainingSeries.Beginning> incarnations) {
        return incarnations.stream().anyMatch(later -> later.incarnation() > update.incarnation()
                && later.step() <= update.step());
    }
}

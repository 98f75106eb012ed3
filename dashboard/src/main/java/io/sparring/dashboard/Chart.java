package io.sparring.dashboard;

import io.sparring.dashboard.DataTable.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A chart as the report has it: curves in a box of {@link #WIDTH} by {@link #HEIGHT} units that is stretched to the room there
 * is, ticks in percent of its sides, and all its numbers in a table.
 *
 * @param id of the page's section
 * @param lead what the values are, in a sentence
 * @param said what a screen reader says of the picture
 */
record Chart(String id, String title, String lead, String said, List<Line> lines, List<Axis.Tick> across, List<Axis.Tick> up,
        DataTable table) {

    static final int WIDTH = 1000;
    static final int HEIGHT = 400;
    /** Where there are no more, each value has a dot. */
    private static final int FEW = 60;
    private static final int ACROSS_TICKS = 5;

    /**
     * A curve as it is drawn, each part an SVG path.
     *
     * @param color 0 to 5
     * @param dots empty where there are too many
     * @param newest its last value, as text
     */
    record Line(String name, int color, String path, String band, String dots, String newest) {
    }

    /** How a chart is named, and its values are written. */
    record Style(String id, String title, String lead, Function<Double, String> axis, Function<Curve.Point, Cell> cell) {
    }

    /** @param curves without values are left out */
    static Chart of(Style style, List<Curve> curves, Axis up) {
        List<Curve> shown = curves.stream().filter(curve -> !curve.values().isEmpty()).toList();
        TreeSet<Double> steps = new TreeSet<>();
        shown.forEach(curve -> curve.values().forEach(point -> steps.add(point.x())));
        if (steps.isEmpty()) {
            return new Chart(style.id(), style.title(), style.lead(), "", List.of(), List.of(), List.of(),
                    table(style, shown, steps));
        }
        Axis across = Axis.over(steps.first(), steps.last(), ACROSS_TICKS);
        List<Line> lines = new ArrayList<>();
        List<String> said = new ArrayList<>();
        for (Curve curve : shown) {
            List<Curve.Point> values = curve.values();
            Curve.Point newest = values.get(values.size() - 1);
            String text = style.cell().apply(newest).text();
            lines.add(new Line(curve.name(), lines.size() % 6, curve.drawn(across, up), curve.band(across, up),
                    values.size() <= FEW ? curve.dots(across, up) : "", text));
            said.add(curve.name() + " from " + style.cell().apply(values.get(0)).text() + " at step "
                    + Figures.number(values.get(0).x()) + " to " + text + " at step " + Figures.number(newest.x()));
        }
        return new Chart(style.id(), style.title(), style.lead(), String.join("; ", said) + ". The table below has all values.",
                lines, across.ticks(Figures::number), up.ticks(style.axis()::apply), table(style, shown, steps));
    }

    /** A row for each step, newest first. */
    private static DataTable table(Style style, List<Curve> curves, TreeSet<Double> steps) {
        List<String> columns = new ArrayList<>(List.of("Step"));
        curves.forEach(curve -> columns.add(curve.name()));
        List<Map<Double, Curve.Point>> byStep = curves.stream().map(curve -> curve.values().stream()
                .collect(Collectors.toMap(Curve.Point::x, point -> point, (one, other) -> other))).toList();
        List<List<Cell>> rows = new ArrayList<>();
        for (double step : steps.descendingSet()) {
            List<Cell> row = new ArrayList<>(List.of(Cell.of(Figures.number(step))));
            byStep.forEach(points -> row.add(points.containsKey(step) ? style.cell().apply(points.get(step))
                    : Cell.of(Figures.NONE)));
            rows.add(row);
        }
        return new DataTable(style.title(), columns, rows);
    }
}

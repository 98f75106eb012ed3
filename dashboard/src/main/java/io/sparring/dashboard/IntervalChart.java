package io.sparring.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A picture of shares, or of differences of shares, with their intervals, one column for each category, as an SVG file that needs
 * nothing else. All of its texts are escaped.
 *
 * @param said       what a screen reader says of it
 * @param across     what the categories are
 * @param up         what the values are
 * @param categories from left to right
 * @param rules      values across which a broken line is drawn, by what it is called
 */
public record IntervalChart(String title, String said, String across, String up, List<String> categories, List<Series> series,
        Map<String, Double> rules) {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 80;
    private static final int RIGHT = 20;
    private static final int TOP = 70;
    private static final int BOTTOM = 60;
    private static final int TICKS = 6;
    /** Room for a series' name. */
    private static final int LEGEND = 170;
    /** How far series that share a category stand apart. */
    private static final int APART = 12;

    /**
     * @param name   empty for points that make no curve
     * @param points at most one a category, in their order
     */
    public record Series(String name, List<Point> points) {
    }

    /**
     * @param category its index
     * @param lower    end of the interval, as {@code upper}; {@code value} where there is none
     */
    public record Point(int category, double value, double lower, double upper) {
    }

    /** Where a point is drawn, in units of the picture. */
    record Mark(String x, String y, String lower, String upper, String text) {
    }

    /** A series as it is drawn. */
    record Drawn(String name, int color, String path, List<Mark> marks, int legend) {
    }

    /** A line or a tick with its text. */
    record Rule(String at, String text) {
    }

    /** The picture; ends with a line feed. */
    public String svg() {
        double[] ends = DoubleStream.concat(series.stream().flatMap(each -> each.points().stream())
                .flatMapToDouble(point -> DoubleStream.of(point.lower(), point.value(), point.upper())),
                rules.values().stream().mapToDouble(Double::doubleValue)).toArray();
        Axis axis = Axis.around(DoubleStream.of(ends).min().orElse(0), DoubleStream.of(ends).max().orElse(1), TICKS);
        int digits = axis.step() < 0.0099 ? 1 : 0;
        List<Rule> ticks = axis.ticks(value -> Figures.percent(value, digits)).stream()
                .map(tick -> new Rule(decimal(height(tick.place() / 100)), tick.text())).toList();
        List<Rule> columns = IntStream.range(0, categories.size())
                .mapToObj(i -> new Rule(decimal(column(i)), categories.get(i))).toList();
        List<Rule> lines = rules.entrySet().stream()
                .map(rule -> new Rule(decimal(height(axis.place(rule.getValue()))), rule.getKey())).toList();
        return ReportPage.filled("chart.svg", Map.of("chart", this, "drawn", drawn(axis), "ticks", ticks, "columns", columns,
                "lines", lines, "width", WIDTH, "height", HEIGHT, "left", LEFT, "right", WIDTH - RIGHT, "bottom", HEIGHT - BOTTOM));
    }

    private List<Drawn> drawn(Axis axis) {
        List<Drawn> drawn = new ArrayList<>();
        for (Series each : series) {
            int number = drawn.size();
            double shift = APART * (number - (series.size() - 1) / 2.0);
            List<Mark> marks = each.points().stream().map(point -> mark(each.name(), point, shift, axis)).toList();
            StringBuilder path = new StringBuilder();
            marks.forEach(mark -> path.append(path.length() == 0 ? 'M' : 'L').append(mark.x()).append(' ').append(mark.y()));
            drawn.add(new Drawn(each.name(), number % 6, path.toString(), marks, LEFT + LEGEND * number));
        }
        return drawn;
    }

    private Mark mark(String name, Point point, double shift, Axis axis) {
        return new Mark(decimal(column(point.category()) + shift), decimal(height(axis.place(point.value()))),
                decimal(height(axis.place(point.lower()))), decimal(height(axis.place(point.upper()))),
                (name.isEmpty() ? "" : name + ", ") + categories.get(point.category()) + ": " + Figures.percent(point.value()) + " ("
                        + Figures.interval(point.lower(), point.upper()) + ")");
    }

    private double column(int category) {
        return LEFT + (WIDTH - LEFT - RIGHT) * (category + 0.5) / categories.size();
    }

    private static double height(double place) {
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - place);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}

package io.sparring.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A line of a chart.
 *
 * @param points by x, ascending
 */
record Curve(String name, List<Point> points) {

    /**
     * A value and, where it has one, its interval.
     *
     * @param y null where there is a gap
     * @param lower end of the interval; null where there is none, and {@code upper} with it
     */
    record Point(double x, Double y, Double lower, Double upper) {

        static Point of(double x, Double y) {
            return new Point(x, y, null, null);
        }
    }

    /** The points that have a value. */
    List<Point> values() {
        return points.stream().filter(point -> point.y() != null).toList();
    }

    double largest() {
        return points.stream().flatMap(point -> Stream.of(point.y(), point.upper())).filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue).max().orElse(0);
    }

    double smallest() {
        return points.stream().flatMap(point -> Stream.of(point.y(), point.lower())).filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue).min().orElse(0);
    }

    /** The line as an SVG path, broken where there are gaps; a single point is one that a round pen makes a dot of. */
    String drawn(Axis across, Axis up) {
        StringBuilder path = new StringBuilder();
        boolean pen = false;
        for (Point point : points) {
            if (point.y() == null) {
                pen = false;
                continue;
            }
            path.append(pen ? 'L' : 'M').append(at(across, up, point.x(), point.y()));
            if (!pen) {
                path.append("h0");
            }
            pen = true;
        }
        return path.toString();
    }

    /** A dot for each value. */
    String dots(Axis across, Axis up) {
        StringBuilder path = new StringBuilder();
        values().forEach(point -> path.append('M').append(at(across, up, point.x(), point.y())).append("h0"));
        return path.toString();
    }

    /** The area between the ends of the intervals; empty without any. */
    String band(Axis across, Axis up) {
        List<Point> inside = points.stream().filter(point -> point.lower() != null && point.upper() != null).toList();
        List<String> corners = new ArrayList<>();
        inside.forEach(point -> corners.add(at(across, up, point.x(), point.upper())));
        for (int i = inside.size() - 1; i >= 0; i--) {
            corners.add(at(across, up, inside.get(i).x(), inside.get(i).lower()));
        }
        return corners.isEmpty() ? "" : "M" + String.join("L", corners) + "Z";
    }

    private static String at(Axis across, Axis up, double x, double y) {
        return String.format(Locale.ROOT, "%.1f %.1f", Chart.WIDTH * across.place(x), Chart.HEIGHT * (1 - up.place(y)));
    }
}

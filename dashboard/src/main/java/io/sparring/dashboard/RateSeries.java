package io.sparring.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Images per second and lag of each service over the last hour or so, in at most {@link #MOST} points: each is the mean of what
 * was heard in 1, 2, 4, 8 or 16 seconds; what no longer fits then is forgotten.
 */
final class RateSeries {

    static final int MOST = 300;
    static final int MOST_SERVICES = 8;
    private static final long WIDEST_MILLIS = 16_000;

    private final NavigableMap<Long, Map<String, Point>> points = new TreeMap<>();
    private long width = 1_000;

    /** One service's line; a number is null where nothing was heard. */
    record Line(String service, List<Double> imagesPerSecond, List<Double> lag) {
    }

    /** @param time of each point, seconds since 1970 */
    record View(List<Long> time, List<Line> lines) {
    }

    /** @param at milliseconds since 1970 */
    void add(long at, String service, ServiceBoard.Stage stage) {
        Map<String, Point> point = points.computeIfAbsent(at / width, key -> new TreeMap<>());
        if (point.size() < MOST_SERVICES || point.containsKey(service)) {
            point.computeIfAbsent(service, key -> new Point()).add(stage);
        }
        while (points.size() > MOST) {
            if (width < WIDEST_MILLIS) {
                halve();
            } else {
                points.pollFirstEntry();
            }
        }
    }

    private void halve() {
        width *= 2;
        NavigableMap<Long, Map<String, Point>> wide = new TreeMap<>();
        points.forEach((key, services) -> services.forEach((service, point) ->
                wide.computeIfAbsent(key / 2, half -> new TreeMap<>()).merge(service, point, Point::with)));
        points.clear();
        points.putAll(wide);
    }

    View view() {
        NavigableSet<String> services = new TreeSet<>();
        points.values().forEach(point -> services.addAll(point.keySet()));
        List<Line> lines = services.stream().limit(MOST_SERVICES)
                .map(service -> new Line(service, new ArrayList<>(), new ArrayList<>())).toList();
        points.values().forEach(point -> lines.forEach(line -> {
            Point mean = point.get(line.service());
            line.imagesPerSecond().add(mean == null ? null : Shown.rounded(mean.images / mean.count));
            line.lag().add(mean == null || mean.lagging == 0 ? null : Shown.rounded(mean.lag / mean.lagging));
        }));
        return new View(points.keySet().stream().map(key -> key * width / 1000).toList(), lines);
    }

    private static final class Point {
        private int count;
        private double images;
        private int lagging;
        private double lag;

        void add(ServiceBoard.Stage stage) {
            count++;
            images += stage.imagesPerSecond();
            if (stage.lag() != null) {
                lagging++;
                lag += stage.lag();
            }
        }

        Point with(Point other) {
            count += other.count;
            images += other.images;
            lagging += other.lagging;
            lag += other.lag;
            return this;
        }
    }
}

package io.sparring.cli;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sparring.pipeline.Metric;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The text of {@code docs/metrics.md}, and the names that Prometheus sees. */
final class ReferenceMetrics {

    private ReferenceMetrics() {
    }

    static String text() {
        StringBuilder text = new StringBuilder("""
                # Metrics

                Made from the code by `ReferenceTest`, which fails when the two differ and says how to make it again.

                Each service has them at `/metrics`, in Prometheus' text format, with the labels `run`, `service` and
                `instance_name` beside those below. Beside them are Micrometer's `jvm_*`, `process_*` and `system_*`, and Vert.x' `vertx_*`.
                The dashboard and the alerts in [ops](../ops) use these names, which a test checks ([operating.md](operating.md)).

                | metric | type | of | labels | |
                | --- | --- | --- | --- | --- |
                """);
        for (Metric metric : Metric.values()) {
            text.append("| ").append(series(metric).stream().map(name -> "`" + name + "`").collect(Collectors.joining(", ")))
                    .append(" | ").append(metric.kind().name().toLowerCase(Locale.ROOT)).append(" | ")
                    .append(metric.service()).append(" | ")
                    .append(metric.tags().stream().map(tag -> "`" + tag + "`").collect(Collectors.joining(", "))).append(" | ")
                    .append(metric.description()).append(" |\n");
        }
        text.append("""

                The timers are in seconds. `rate(sparring_starvation_seconds_sum[5m])` is the share of its time that a trainer has
                waited over five minutes, as `sparring_starvation_ratio` is over ten seconds: near 0 where attackers keep up, near 1
                where it does nothing else, in which case more attackers are of use.
                """);
        return text.toString();
    }

    /** The names of all series that Sparring's own metrics make. */
    static Map<Metric, Set<String>> series() {
        Map<Metric, Set<String>> series = new LinkedHashMap<>();
        for (Metric metric : Metric.values()) {
            series.put(metric, series(metric));
        }
        return series;
    }

    /** As the registry that services have prints them. */
    private static Set<String> series(Metric metric) {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        String[] values = metric.tags().toArray(String[]::new);
        switch (metric.kind()) {
            case COUNTER -> metric.counter(meters, values);
            case GAUGE -> metric.gauge(meters, meters, any -> 1, values);
            case TIMER -> metric.timer(meters, values);
            case SUMMARY -> metric.summary(meters, values);
        }
        return meters.scrape().lines().filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]")[0]).collect(Collectors.toCollection(TreeSet::new));
    }
}

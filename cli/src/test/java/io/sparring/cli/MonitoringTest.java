package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sparring.pipeline.Metric;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.ServiceState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The dashboard and the alerts in ops name metrics, labels and values that there are. */
class MonitoringTest {

    private static final Path ALERTS = Path.of("..", "ops", "prometheus", "alerts.yaml");
    private static final Path DASHBOARD = Path.of("..", "ops", "grafana", "dashboards", "sparring.json");

    private final Set<String> series = series();
    private final Set<String> labels = Arrays.stream(Metric.values()).flatMap(metric -> metric.tags().stream())
            .collect(Collectors.toCollection(() -> new TreeSet<>(Set.of("run", "service", "instance_name", "job", "area"))));

    @Test
    void readsWhatAnExpressionRefersTo() {
        PromQl expression = new PromQl("sum by (run, x) (rate(a_total{service=\"b = c\",y=~\"1|2\"}[5m])) > 0.5 and on (run) max(up)");
        assertThat(expression.series()).containsExactly("a_total", "up");
        assertThat(expression.labels()).containsExactly("run", "service", "x", "y");
    }

    @Test
    void everyAlertNamesWhatThereIs() throws IOException {
        Map<String, String> alerts = new TreeMap<>();
        for (JsonNode group : new YAMLMapper().readTree(ALERTS.toFile()).get("groups")) {
            for (JsonNode rule : group.get("rules")) {
                alerts.put(rule.get("alert").textValue(), rule.get("expr").textValue());
                assertThat(rule.at("/annotations/summary").textValue()).isNotBlank();
                assertThat(rule.at("/labels/severity").textValue()).isIn("warning", "critical");
            }
        }
        assertThat(alerts).hasSize(10);
        alerts.forEach(this::assertExpression);
        assertThat(Files.readString(Path.of("..", "docs", "operating.md"))).contains(alerts.keySet());
    }

    @Test
    void everyPanelNamesWhatThereIs() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(DASHBOARD.toFile());
        Set<String> shown = new TreeSet<>();
        for (JsonNode panel : dashboard.get("panels")) {
            for (JsonNode target : panel.get("targets")) {
                assertExpression(panel.get("title").textValue(), target.get("expr").textValue());
                shown.addAll(new PromQl(target.get("expr").textValue()).series());
            }
        }
        assertThat(ReferenceMetrics.series()).allSatisfy((metric, names) -> assertThat(names)
                .as("a metric that nobody looks at: %s", metric).anyMatch(name -> shown.contains(name)
                        || name.startsWith("sparring_batches") || name.startsWith("sparring_starvation_seconds")));
        assertThat(dashboard.get("panels").findValuesAsText("id")).doesNotHaveDuplicates();
    }

    private void assertExpression(String where, String expression) {
        PromQl query = new PromQl(expression);
        assertThat(query.series()).as(where).isNotEmpty().isSubsetOf(series);
        assertThat(query.labels()).as(where).isSubsetOf(labels);
        assertValues(where, expression, "state", Arrays.stream(ServiceState.values()).map(Enum::name).toList());
        assertValues(where, expression, "outcome", Arrays.stream(Outcome.values()).map(Enum::name).toList());
        assertValues(where, expression, "service", Set.of("producer", "attacker", "trainer", "evaluator"));
    }

    private static void assertValues(String where, String expression, String label, Iterable<String> allowed) {
        Matcher matcher = Pattern.compile("\\b" + label + "(?:=~|!=|!~|=)\"([^\"$]*)\"").matcher(expression);
        while (matcher.find()) {
            assertThat(matcher.group(1).split("\\|")).as("%s: %s", where, label).isSubsetOf(allowed);
        }
    }

    /** What Prometheus stores of a service, and its own. */
    private static Set<String> series() {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(meters);
        Set<String> series = new TreeSet<>(Set.of("up"));
        meters.scrape().lines().filter(line -> !line.startsWith("#")).forEach(line -> series.add(line.split("[{ ]")[0]));
        ReferenceMetrics.series().values().forEach(series::addAll);
        return series;
    }
}

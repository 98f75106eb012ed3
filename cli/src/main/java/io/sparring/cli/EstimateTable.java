package io.sparring.cli;

import io.sparring.schemas.RunTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A run's topics and what it takes, as lines for people. */
final class EstimateTable {

    private static final List<String> UNITS = List.of("bytes", "KB", "MB", "GB", "TB", "PB");

    private EstimateTable() {
    }

    /** A line for each topic of the run, then the sum and a line for each service. */
    static List<String> lines(RunEstimate estimate) {
        Map<String, RunEstimate.Topic> known = estimate.topics().stream()
                .collect(Collectors.toMap(RunEstimate.Topic::topic, Function.identity()));
        List<String> lines = new ArrayList<>();
        for (String name : RunTopic.all(estimate.run())) {
            lines.add(Optional.ofNullable(known.get(name)).map(topic -> String.format(Locale.ROOT,
                    "%-40s about %9s, %,d records", name, size(topic.bytes()), topic.records())).orElse(name));
        }
        lines.add(String.format(Locale.ROOT, "disk for %s%,d batches: about %s for each copy, %s", estimate.endless() ? "each " : "",
                estimate.batches(), size(estimate.diskBytes()), estimate.trimmed()
                        ? "of " + size(estimate.writtenBytes()) + " that are written and trimmed" : "with nothing trimmed"));
        lines.add(estimate.services().stream().map(service -> service.service() + " " + size(service.bytes()))
                .collect(Collectors.joining(", ", "memory of one process: about ", "")));
        return lines;
    }

    /** Two or three digits that count, and a unit of thousands. */
    static String size(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < UNITS.size() - 1) {
            value /= 1_000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 || value >= 9.95 ? "%.0f %s" : "%.1f %s", value, UNITS.get(unit));
    }
}

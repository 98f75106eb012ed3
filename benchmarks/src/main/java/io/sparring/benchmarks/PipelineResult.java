package io.sparring.benchmarks;

import io.sparring.learning.Precision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the rounds of `bench pipeline` come to.
 *
 * @param bare  the turns of the one process, by arrangement: before each of the run and after the last
 * @param whole the turns of the run
 */
record PipelineResult(
        StepNetwork network, Precision precision, Map<String, List<StepFigures>> bare, List<PipelineFigures> whole) {

    /** The arrangement that makes most of one process. */
    String fastest() {
        return bare.keySet().stream().reduce((one, other) -> bareRate(one) >= bareRate(other) ? one : other).orElseThrow();
    }

    /** By how much the run is slower than the one process, in percent of the latter: the median of the rounds. */
    double tax() {
        return Medians.median(taxes());
    }

    /** The same of each round, against the mean of the turns before and after it: the machine itself is faster and slower by the minute. */
    private List<Double> taxes() {
        List<StepFigures> turns = bare.get(fastest());
        return IntStream.range(0, whole.size()).mapToObj(round -> 100 * (1 - 2 * whole.get(round).imagesPerSecond()
                / (turns.get(round).step() + turns.get(round + 1).step()))).toList();
    }

    private double bareRate(String arrangement) {
        return Medians.median(bare.get(arrangement).stream().map(StepFigures::step).toList());
    }

    private double median(ToDoubleFunction<PipelineFigures> figure) {
        return Medians.median(whole.stream().mapToDouble(figure).boxed().toList());
    }

    private Map<String, Double> medians(Function<PipelineFigures, Map<String, Double>> figures) {
        Map<String, Double> medians = new LinkedHashMap<>();
        figures.apply(whole.get(0)).keySet().forEach(name ->
                medians.put(name, median(turn -> figures.apply(turn).get(name))));
        return medians;
    }

    /** As a row of the report. */
    Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("network", network.label());
        row.put("precision", StepCommand.label(precision));
        row.put("pipeline", median(PipelineFigures::imagesPerSecond));
        row.put("bare", bareRate(fastest()));
        row.put("taxPercent", tax());
        row.put("bareArrangement", fastest());
        row.put("pipelineProcessorSecondsPerImage", median(PipelineFigures::processorSeconds));
        row.put("bareProcessorSecondsPerImage",
                Medians.median(bare.get(fastest()).stream().map(StepFigures::processorSeconds).toList()));
        row.put("processorSecondsPerImage", medians(PipelineFigures::byProcess));
        row.put("bytesPerImage", median(turn -> turn.cleanBytes() + turn.adversarialBytes()));
        row.put("cleanBytesPerImage", median(PipelineFigures::cleanBytes));
        row.put("adversarialBytesPerImage", median(PipelineFigures::adversarialBytes));
        row.put("producedToTrainedMillis", medians(PipelineFigures::latencyMillis));
        row.put("craftedToTrainedMillis", medians(PipelineFigures::craftedMillis));
        row.put("stalenessSteps", medians(PipelineFigures::staleness));
        Map<String, Object> rounds = new LinkedHashMap<>();
        bare.forEach((arrangement, turns) -> rounds.put(arrangement, turns.stream().map(StepFigures::step).toList()));
        rounds.put("pipeline", whole.stream().map(PipelineFigures::imagesPerSecond).toList());
        rounds.put("taxPercent", taxes());
        row.put("rounds", rounds);
        return row;
    }

    /** For readers. */
    String table() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%-34s %10s %22s", network.label() + " " + StepCommand.label(precision), "images/s",
                "processor ms an image"));
        bare.keySet().forEach(arrangement -> lines.add(String.format(Locale.ROOT, "%-34s %10.1f %22.3f",
                "one process, no Kafka, " + arrangement, bareRate(arrangement),
                1e3 * Medians.median(bare.get(arrangement).stream().map(StepFigures::processorSeconds).toList()))));
        lines.add(String.format(Locale.ROOT, "%-34s %10.1f %22.3f", "the whole pipeline",
                median(PipelineFigures::imagesPerSecond), 1e3 * median(PipelineFigures::processorSeconds)));
        medians(PipelineFigures::byProcess).forEach((name, seconds) -> lines.add(String.format(Locale.ROOT, "  %-32s %10s %22.3f",
                name, "", 1e3 * seconds)));
        lines.add(String.format(Locale.ROOT, "tax %.1f %%; of the rounds %s", tax(),
                taxes().stream().map(tax -> String.format(Locale.ROOT, "%.1f", tax)).collect(Collectors.joining(", "))));
        lines.add(String.format(Locale.ROOT, "bytes an image: clean %.0f + adversarial %.0f = %.0f",
                median(PipelineFigures::cleanBytes), median(PipelineFigures::adversarialBytes),
                median(turn -> turn.cleanBytes() + turn.adversarialBytes())));
        lines.add("ms from produced to trained " + rounded(medians(PipelineFigures::latencyMillis))
                + ", from crafted to trained " + rounded(medians(PipelineFigures::craftedMillis)) + "; staleness "
                + rounded(medians(PipelineFigures::staleness)));
        return String.join(System.lineSeparator(), lines);
    }

    private static Map<String, Long> rounded(Map<String, Double> values) {
        Map<String, Long> rounded = new LinkedHashMap<>();
        values.forEach((name, value) -> rounded.put(name, Math.round(value)));
        return rounded;
    }
}

package io.sparring.dashboard;

import io.sparring.dashboard.Curve.Point;
import io.sparring.dashboard.DataTable.Cell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** The charts of a report. */
final class RunCharts {

    private static final int TICKS = 4;
    private static final String CLEAN = "clean";
    private static final String SUITE = "autoattack";

    private RunCharts() {
    }

    /**
     * Accuracy without attack, under the run's evaluation attack, and under AutoAttack where there is that.
     *
     * @param robust name of the run's evaluation attack in reports
     */
    static Chart accuracy(List<Reports.Line> reports, String robust) {
        List<String> attacks = List.of(CLEAN, robust, SUITE);
        List<Reports.Line> lines = reports.stream().filter(line -> attacks.contains(line.attack()))
                .sorted(Comparator.comparing((Reports.Line line) -> attacks.indexOf(line.attack()))
                        .thenComparing(Reports.Line::slice)).toList();
        boolean slices = lines.stream().map(Reports.Line::slice).distinct().count() > 1;
        List<Curve> curves = lines.stream().map(line -> new Curve(Figures.attack(line.attack())
                + (slices ? ", " + line.slice() : ""), line.reports().stream().map(RunCharts::point)
                        .filter(Objects::nonNull).toList())).toList();
        return shares("accuracy", "Accuracy by update",
                "Share of held-out images that are classified rightly, with its 95 % interval.", curves);
    }

    /** Accuracy on the stream's own images, each tested before it was trained on. */
    static Chart stream(StreamSeries.View stream) {
        String attack = stream.attack() == null ? "" : ", " + Figures.attack(stream.attack());
        List<Curve> curves = List.of(
                curve("Unseen, clean", stream.step(), stream.clean(), stream.cleanLower(), stream.cleanUpper()),
                curve("Unseen" + attack, stream.step(), stream.robust(), stream.robustLower(), stream.robustUpper()),
                curve("Seen, clean", stream.step(), stream.seenClean()),
                curve("Seen" + attack, stream.step(), stream.seenRobust()));
        return shares("stream", "The stream itself", "Share of the training images of a window of batches that the weights of the "
                + "moment classified rightly before these changed them. Unseen: no update had been trained on them yet, so this is a "
                + "test, with its 95 % interval; seen: they came again."
                + (stream.shareSeen() == null ? "" : " Of the newest window " + Figures.percent(stream.shareSeen())
                        + " had been seen."), curves);
    }

    private static Chart shares(String id, String title, String lead, List<Curve> curves) {
        double largest = curves.stream().mapToDouble(Curve::largest).max().orElse(1);
        return Chart.of(new Chart.Style(id, title, lead, value -> Figures.percent(value, 0), point -> point.lower() == null
                ? Cell.of(Figures.percent(point.y()))
                : new Cell(Figures.percent(point.y()), Figures.interval(point.lower(), point.upper()))), curves,
                largest > 0.5 ? new Axis(0, 1, 0.2) : Axis.upTo(Math.max(0.1, largest), TICKS));
    }

    private static Point point(Reports.Report report) {
        return Double.isFinite(report.accuracy()) && Double.isFinite(report.lower()) && Double.isFinite(report.upper())
                ? new Point(report.step(), report.accuracy(), report.lower(), report.upper()) : null;
    }

    /** The objective and its terms; a term that is 0 all along is none of the run's. */
    static Chart losses(TrainingSeries.View steps) {
        List<Curve> curves = new ArrayList<>(List.of(curve("Loss", steps.step(), steps.loss())));
        List.of(curve("Cross entropy", steps.step(), steps.crossEntropy()), curve("Perception", steps.step(), steps.perception()),
                curve("Divergence", steps.step(), steps.divergence())).stream()
                .filter(curve -> curve.largest() != 0 || curve.smallest() != 0).forEach(curves::add);
        double smallest = curves.stream().mapToDouble(Curve::smallest).min().orElse(0);
        double largest = curves.stream().mapToDouble(Curve::largest).max().orElse(0);
        return Chart.of(style("loss", "Loss terms", "The objective and its terms before they are weighted." + mean(steps)),
                curves,
                smallest >= 0 ? Axis.upTo(largest, TICKS) : Axis.over(smallest, largest, TICKS));
    }

    static Chart staleness(TrainingSeries.View steps) {
        List<Curve> curves = new ArrayList<>(List.of(
                curve(steps.width() == 1 ? "Staleness" : "Mean", steps.step(), steps.staleness())));
        if (steps.width() > 1) {
            curves.add(curve("Largest", steps.step(),
                    steps.stalenessMost().stream().map(most -> most == null ? null : Double.valueOf(most)).toList()));
        }
        return Chart.of(style("staleness", "Staleness",
                "Steps between the weights that a batch was crafted against and those it changes." + mean(steps)), curves,
                Axis.upTo(curves.stream().mapToDouble(Curve::largest).max().orElse(0), TICKS));
    }

    private static Chart.Style style(String id, String title, String lead) {
        return new Chart.Style(id, title, lead, Figures::number, point -> Cell.of(Figures.number(point.y())));
    }

    private static String mean(TrainingSeries.View steps) {
        return steps.width() == 1 ? "" : " Each point is the mean over " + Figures.count(steps.width()) + " steps.";
    }

    private static Curve curve(String name, List<Long> steps, List<Double> values) {
        return new Curve(name, IntStream.range(0, steps.size()).mapToObj(i -> Point.of(steps.get(i), values.get(i))).toList());
    }

    private static Curve curve(String name, List<Long> steps, List<Double> values, List<Double> lower, List<Double> upper) {
        return new Curve(name, IntStream.range(0, steps.size())
                .mapToObj(i -> new Point(steps.get(i), values.get(i), lower.get(i), upper.get(i))).toList());
    }
}

package io.sparring.benchmarks;

import io.sparring.benchmarks.ScaleModel.Prediction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One number of attackers.
 *
 * @param delivery   group or queue
 * @param partitions of the batch topics
 */
record ScaleResult(String delivery, int attackers, int partitions, ScaleFigures figures) {

    private static final double MEGABYTE = 1e6;

    /**
     * As a row of the report, with what the model says: its overhead is that of the fewest attackers of the same delivery, its
     * costs of a batch those of the middle turn, in which less of them is idling.
     *
     * @param all of the report
     */
    Map<String, Object> row(List<ScaleResult> all, double craftingSeconds, int cores) {
        List<ScaleResult> same = all.stream().filter(result -> result.delivery.equals(delivery)).toList();
        ScaleResult first = same.get(0);
        ScaleFigures costs = same.get(Math.min(same.size() - 1, same.size() / 2)).figures;
        double single = first.figures.trainedPerSecond() / first.attackers;
        ScaleModel model = new ScaleModel(craftingSeconds, 1 / single - craftingSeconds, cost(costs, "trainer-1"),
                cost(costs, "producer-1"), costs.allProcessorSeconds(), cores);
        Prediction predicted = model.predict(attackers, partitions, delivery.equals("queue"));
        double images = figures.trainedPerSecond() * SimulatedProgram.BATCH;
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("delivery", delivery);
        row.put("attackers", attackers);
        row.put("partitions", partitions);
        row.put("imagesPerSecond", images);
        row.put("cleanMegabytesPerSecond", images * StepNetwork.GEOMETRY.imageSize() / MEGABYTE);
        row.put("efficiency", figures.trainedPerSecond() / attackers / single);
        row.put("shareOfIdeal", figures.trainedPerSecond() / attackers * craftingSeconds);
        row.put("predictedImagesPerSecond", predicted.batchesPerSecond() * SimulatedProgram.BATCH);
        row.put("predictedBound", predicted.bound().name());
        row.put("fairness", figures.fairness());
        row.put("craftedToTrainedMillis", figures.craftedMillis());
        row.put("processorSecondsPerBatch", figures.processorSeconds());
        row.put("coresUsed", figures.allProcessorSeconds() * figures.trainedPerSecond());
        row.put("joinPauseSeconds", figures.joinPauseSeconds());
        row.put("killPauseSeconds", figures.killPauseSeconds());
        row.put("notTrained", figures.notTrained());
        return row;
    }

    private static double cost(ScaleFigures figures, String process) {
        return figures.processorSeconds().getOrDefault(process, 0.0);
    }

    /** The rows for readers. */
    static String table(List<Map<String, Object>> rows) {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%-8s %9s %9s %9s %9s %10s %-10s %8s %7s %9s %6s %6s",
                "delivery", "attackers", "images/s", "MB/s", "effic.", "predicted", "bound", "fairness", "cores", "p95 ms",
                "join s", "kill s"));
        for (Map<String, Object> row : rows) {
            table.append(String.format(Locale.ROOT, "%n%-8s %9d %9.0f %9.1f %9.3f %10.0f %-10s %8.3f %7.2f %9.0f %6s %6s",
                    row.get("delivery"), (Integer) row.get("attackers"), number(row, "imagesPerSecond"),
                    number(row, "cleanMegabytesPerSecond"), number(row, "efficiency"), number(row, "predictedImagesPerSecond"),
                    row.get("predictedBound"), number(row, "fairness"), number(row, "coresUsed"), (Double) ((Map<?, ?>) row.get("craftedToTrainedMillis")).get("p95"),
                    pause(row.get("joinPauseSeconds")), pause(row.get("killPauseSeconds"))));
        }
        return table + System.lineSeparator() + "MB/s: of clean pixels; effic.: images/s of an attacker against those of the "
                + "fewest; p95 ms: from crafted to trained";
    }

    private static double number(Map<String, Object> row, String key) {
        return (Double) row.get(key);
    }

    private static String pause(Object seconds) {
        return seconds == null ? "" : String.format(Locale.ROOT, "%.1f", (Double) seconds);
    }
}

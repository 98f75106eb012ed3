package io.sparring.benchmarks;

import io.sparring.cli.Machine;
import io.sparring.cli.Versions;
import io.sparring.learning.MatrixProduct;
import io.sparring.learning.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the processor can do at most: matrix products of the shapes that cnn4's layers have. */
@Command(name = "product", mixinStandardHelpOptions = true, description = {
        "Matrix products in float32, by TensorFlow on all cores: a large one, and those that the layers of cnn4 (32 x 32 x 3, "
                + "width 32, hidden 200) would be if their input lay in memory patch by patch. What they give together bounds "
                + "the images/s of bench step's attack from above, unless convolutions save multiplications."})
final class ProductCommand implements Callable<Integer> {

    private static final int SQUARE = 2048;

    @Spec
    private CommandSpec spec;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "128", description = "Images (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "20",
            description = "Products of each shape; the median counts (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON too.")
    private Path json;

    /** A layer as a product, with the rows that one image gives. */
    private record Layer(String name, long rows, long inner, long columns) {

        MatrixProduct of(int images) {
            return new MatrixProduct(images * rows, inner, columns);
        }
    }

    private static final List<Layer> CNN4 = List.of(new Layer("convolution 1", 32 * 32, 9 * 3, 32),
            new Layer("convolution 2", 32 * 32, 9 * 32, 32), new Layer("convolution 3", 16 * 16, 9 * 32, 64),
            new Layer("convolution 4", 16 * 16, 9 * 64, 64), new Layer("hidden", 1, 8 * 8 * 64, 200),
            new Layer("logits", 1, 200, 10));

    @Override
    public Integer call() throws Exception {
        Setting.require(batch >= 1 && batch <= 10_000, "--batch", batch, "1 to 10000");
        Setting.require(rounds >= 1 && rounds <= 10_000, "--rounds", rounds, "1 to 10000");
        List<Map<String, Object>> rows = new ArrayList<>();
        MatrixProduct large = new MatrixProduct(SQUARE, SQUARE, SQUARE);
        rows.add(row("2048 x 2048 by 2048 x 2048", large.operations(), median(large)));
        double operations = 0;
        double seconds = 0;
        for (Layer layer : CNN4) {
            MatrixProduct product = layer.of(batch);
            double took = median(product);
            rows.add(row(layer.name(), product.operations(), took));
            operations += product.operations();
            seconds += took;
        }
        Map<String, Object> forward = row("cnn4, once forward", operations, seconds);
        forward.put("imagesPerSecond", batch / seconds);
        rows.add(forward);
        BenchReport report = new BenchReport("product", Machine.here(), Versions.here(), Map.of("batch", batch, "rounds", rounds), rows);
        report.print(table(rows), spec.commandLine().getOut());
        if (json != null) {
            report.write(json);
        }
        return 0;
    }

    private double median(MatrixProduct product) {
        return Medians.median(Arrays.stream(product.seconds(rounds)).boxed().toList());
    }

    private static Map<String, Object> row(String what, double operations, double seconds) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("what", what);
        row.put("milliseconds", 1e3 * seconds);
        row.put("gigaflops", operations / seconds / 1e9);
        return row;
    }

    private static String table(List<Map<String, Object>> rows) {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%-28s %10s %10s", "product", "ms", "GFLOP/s"));
        for (Map<String, Object> row : rows) {
            table.append(System.lineSeparator()).append(String.format(Locale.ROOT, "%-28s %10.2f %10.1f", row.get("what"),
                    row.get("milliseconds"), row.get("gigaflops")));
            if (row.containsKey("imagesPerSecond")) {
                table.append(String.format(Locale.ROOT, "   %,.0f images/s; a gradient by the image is twice as much: %,.0f",
                        row.get("imagesPerSecond"), (Double) row.get("imagesPerSecond") / 2));
            }
        }
        return table.toString();
    }
}

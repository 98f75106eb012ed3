package io.sparring.benchmarks;

import io.sparring.benchmarks.RealBatches.Sample;
import io.sparring.cli.Machine;
import io.sparring.cli.Versions;
import io.sparring.learning.Setting;
import io.sparring.learning.Tensors;
import io.sparring.producer.Augmentation;
import io.sparring.producer.DataSet;
import io.sparring.producer.DataSets;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.compress.Compression;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Ways to write perturbations and weights, size against speed. */
@Command(name = "wire", mixinStandardHelpOptions = true, description = {
        "Bytes an image and MB/s of ways to write perturbations, clean images and weights: those that PGD finds on CIFAR-10 "
                + "while cnn4 is trained on it.",
        "The rows 'records' are whole records as a run's services send them."})
final class WireCommand implements Callable<Integer> {

    private static final int BATCH = 128;

    @Spec
    private CommandSpec spec;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "100",
            description = "Steps to train for; samples are taken at 0, N / 2 and N (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--batches", paramLabel = "N", defaultValue = "4",
            description = "Batches of 128 in each sample (default: ${DEFAULT-VALUE}).")
    private int batches;

    @Option(names = "--no-augmentation",
            description = "Images as they are, rather than cropped from a black frame of 4 and mirrored.")
    private boolean plain;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
            description = "How often each coding is timed; the median counts (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--data", paramLabel = "DIR", description = "Where CIFAR-10's files are (default: fetched and kept).")
    private Path data;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON too.")
    private Path json;

    @Override
    public Integer call() throws Exception {
        Setting.require(steps >= 0 && steps <= 100_000 && steps % 2 == 0, "--steps", steps, "0 to 100000, even");
        Setting.require(batches >= 1 && batches <= 1000, "--batches", batches, "1 to 1000");
        Setting.require(rounds >= 1 && rounds <= 1000, "--rounds", rounds, "1 to 1000");
        DataSet cifar = new DataSets(Optional.ofNullable(data), DataSets.defaultCache()).load("cifar10");
        RealBatches.Result real = new RealBatches(cifar.training(), StepNetwork.CNN4, BATCH,
                plain ? Augmentation.NONE : new Augmentation(4, true))
                .train(steps, Math.max(1, steps / 2), batches, this::say);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (long step : real.samples().stream().map(Sample::step).distinct().toList()) {
            List<Sample> samples = real.samples().stream().filter(sample -> sample.step() == step).toList();
            perturbations(rows, step, samples);
        }
        List<Sample> last = real.samples().subList(real.samples().size() - batches, real.samples().size());
        clean(rows, last);
        weights(rows, real.weights());
        BenchReport report = new BenchReport("wire", Machine.here(), Versions.here(), settings(), rows);
        report.print(table(rows), spec.commandLine().getOut());
        if (json != null) {
            report.write(json);
        }
        return 0;
    }

    private static List<ByteCoding> codings() {
        return List.of(
                new KafkaCoding("none", Compression.none().build()),
                new RadixCoding(RealBatches.BOUND),
                new KafkaCoding("lz4", Compression.lz4().build()),
                new KafkaCoding("snappy", Compression.snappy().build()),
                new KafkaCoding("gzip 1", Compression.gzip().level(1).build()),
                new KafkaCoding("zstd -1", Compression.zstd().level(-1).build()),
                new KafkaCoding("zstd 1", Compression.zstd().level(1).build()),
                new KafkaCoding("zstd 3", Compression.zstd().level(3).build()),
                new KafkaCoding("zstd 5", Compression.zstd().level(5).build()),
                new KafkaCoding("zstd 9", Compression.zstd().level(9).build()));
    }

    private void perturbations(List<Map<String, Object>> rows, long step, List<Sample> samples) {
        byte[] all = joined(samples, Sample::perturbation);
        byte[] pixels = joined(samples, sample -> sample.batch().pixels());
        int channels = StepNetwork.GEOMETRY.channels();
        String what = "perturbation at step " + step;
        rows.add(bound(what, "entropy of a value", Entropy.bits(all)));
        rows.add(bound(what, "entropy given the value to the left",
                Entropy.bits(all, place -> place < channels ? 99 : all[place - channels])));
        rows.add(bound(what, "entropy given the channel before",
                Entropy.bits(all, place -> place % channels == 0 ? 99 : all[place - 1])));
        rows.add(bound(what, "entropy given the clean pixel",
                Entropy.bits(all, place -> room(Byte.toUnsignedInt(pixels[place])))));
        for (ByteCoding coding : codings()) {
            rows.add(timed(what, coding, samples.stream().map(Sample::perturbation).toList(), samples.size() * BATCH));
        }
        List<ByteCoding> whole = codings().stream().filter(coding -> coding instanceof KafkaCoding).toList();
        for (ByteCoding coding : whole) {
            rows.add(records("records at step " + step, samples, new KafkaCoding("none", Compression.none().build()),
                    (KafkaCoding) coding));
            rows.add(records("records at step " + step, samples, (KafkaCoding) coding, (KafkaCoding) coding));
        }
    }

    /** How far a pixel can be moved to the nearer end of its range, as far as the ball lets it. */
    private static int room(int pixel) {
        return Math.min(RealBatches.BOUND, Math.min(pixel, 255 - pixel));
    }

    /** Whole records, each alone in its batch, as they are sent: a batch is larger than a producer's {@code batch.size}. */
    private static Map<String, Object> records(String what, List<Sample> samples, KafkaCoding clean,
            KafkaCoding adversarial) {
        long bytes = 0;
        for (Sample sample : samples) {
            bytes += WireRecords.onTheWire(sample.batch().number(), WireRecords.encodedClean(sample), clean.compression())
                    + WireRecords.onTheWire(sample.batch().number(), WireRecords.encodedAdversarial(sample),
                            adversarial.compression());
        }
        return row(what, "clean " + clean.name() + ", adversarial " + adversarial.name(),
                bytes / (double) (samples.size() * BATCH), null, null);
    }

    private void clean(List<Map<String, Object>> rows, List<Sample> samples) {
        for (ByteCoding coding : codings()) {
            if (!(coding instanceof RadixCoding)) {
                rows.add(timed("clean", coding, samples.stream().map(sample -> sample.batch().pixels()).toList(),
                        samples.size() * BATCH));
            }
        }
    }

    private void weights(List<Map<String, Object>> rows, Tensors weights) {
        float[] values = new float[Math.toIntExact(weights.count())];
        int at = 0;
        for (String name : weights.names()) {
            float[] part = weights.values(name);
            System.arraycopy(part, 0, values, at, part.length);
            at += part.length;
        }
        for (ByteCoding coding : codings()) {
            if (!(coding instanceof RadixCoding)) {
                rows.add(timed("weights float32", coding, List.of(BrainFloats.float32(values)), values.length));
                rows.add(timed("weights bfloat16", coding, List.of(BrainFloats.bfloat16(values)), values.length));
            }
        }
    }

    /** @param of what the size is divided by: images or weights */
    private Map<String, Object> timed(String what, ByteCoding coding, List<byte[]> inputs, int of) {
        List<Double> encoding = new ArrayList<>();
        List<Double> decoding = new ArrayList<>();
        long size = 0;
        long read = 0;
        // as many warm-up rounds as timed ones: what is timed is compiled by then
        for (int round = 0; round < 2 * rounds; round++) {
            size = 0;
            read = 0;
            long encodeNanos = 0;
            long decodeNanos = 0;
            for (byte[] input : inputs) {
                long start = System.nanoTime();
                byte[] coded = coding.encode(input);
                long middle = System.nanoTime();
                byte[] decoded = coding.decode(coded, input.length);
                decodeNanos += System.nanoTime() - middle;
                encodeNanos += middle - start;
                if (!Arrays.equals(input, decoded)) {
                    throw new IllegalStateException(coding.name() + " does not give back the " + what);
                }
                size += coded.length;
                read += input.length;
            }
            if (round >= rounds) {
                encoding.add(read / 1e6 / (encodeNanos / 1e9));
                decoding.add(read / 1e6 / (decodeNanos / 1e9));
            }
        }
        return row(what, coding.name(), size / (double) of, Medians.median(encoding), Medians.median(decoding));
    }

    private static Map<String, Object> bound(String what, String coding, double bits) {
        return row(what, coding, bits / 8 * StepNetwork.GEOMETRY.imageSize(), null, null);
    }

    private static Map<String, Object> row(String what, String coding, double bytes, Double encode, Double decode) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("what", what);
        row.put("coding", coding);
        row.put(what.startsWith("weights") ? "bytesPerWeight" : "bytesPerImage", bytes);
        row.put("encodeMegabytesPerSecond", encode);
        row.put("decodeMegabytesPerSecond", decode);
        return row;
    }

    private static byte[] joined(List<Sample> samples, Function<Sample, byte[]> part) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        samples.forEach(sample -> all.writeBytes(part.apply(sample)));
        return all.toByteArray();
    }

    private static String table(List<Map<String, Object>> rows) {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%-26s %-36s %12s %11s %11s", "", "coding",
                "bytes each", "write MB/s", "read MB/s"));
        ToDoubleFunction<Map<String, Object>> bytes = row -> ((Number) row.getOrDefault("bytesPerImage",
                row.get("bytesPerWeight"))).doubleValue();
        for (Map<String, Object> row : rows) {
            table.append(String.format(Locale.ROOT, "%n%-26s %-36s %12.2f %11s %11s", row.get("what"), row.get("coding"),
                    bytes.applyAsDouble(row), speed(row.get("encodeMegabytesPerSecond")),
                    speed(row.get("decodeMegabytesPerSecond"))));
        }
        return table + System.lineSeparator() + "bytes an image, or a weight; MB/s of what is written, before its coding";
    }

    private static String speed(Object value) {
        return value == null ? "" : String.format(Locale.ROOT, "%.0f", (Double) value);
    }

    private Map<String, Object> settings() {
        return new LinkedHashMap<>(Map.of("batch", BATCH, "steps", steps, "batches", batches, "rounds", rounds,
                "epsilon", "8/255", "augmentation", !plain, "attack", "pgd-" + StepNetwork.ATTACK_STEPS,
                "network", StepNetwork.CNN4.label()));
    }

    private void say(long step) {
        if (step % 10 == 0) {
            spec.commandLine().getErr().println("step " + step + " of " + steps);
        }
    }
}

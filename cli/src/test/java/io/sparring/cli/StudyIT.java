package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparring.learning.Geometry;
import io.sparring.learning.InitialWeights;
import io.sparring.learning.NetworkSpecification;
import io.sparring.learning.ObjectiveSpecification;
import io.sparring.learning.OptimizerSpecification;
import io.sparring.learning.ProgramSpecification;
import io.sparring.learning.SafeTensors;
import io.sparring.learning.Tensors;
import io.sparring.schemas.Sha256;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./sparring study} of two cells on a network as small as can be. */
class StudyIT {

    private static final String STUDY = """
            study: tiny
            seeds: [3]
            settings:
              data.batches: 6
              data.batchSize: 16
              data.heldOutImages: 100
              data.heldOutBatchSize: 50
              network.width: 2
              network.hidden: 8
              attack.steps: 1
              evaluation.steps: 2
              evaluation.every: 6
              optimizer.learningRate: 0.01
              publishing.interval: 1
              prequential.window: 0
            evaluate: {images: 90, suite: pgd3}
            cells:
              synchronous: {settings: {staleness.exactly: 0}}
              refreshed:
                against: synchronous
                settings: {staleness.exactly: 2, staleness.policy: refresh, staleness.refreshAbove: 1, staleness.refreshSteps: 1}
            """;

    private static final long SEED = 5;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void stopsWhenItsTimeIsUpGoesOnFromThereAndReports() throws Exception {
        Path study = Files.writeString(folder.resolve("tiny.yaml"), STUDY);
        assertThat(alone(study, "--for", "1s")).as(out + "\n" + err).isZero();
        assertThat(out.toString()).contains("synchronous-3 is stopped; the same command goes on from here");
        assertThat(folder.resolve("results")).doesNotExist();

        assertThat(alone(study)).as(out + "\n" + err).isZero();
        JsonNode refreshed = result("refreshed-3");
        assertThat(refreshed.at("/staleness/batches").toString()).isEqualTo("{\"0\":1,\"1\":1,\"2\":4}");
        assertThat(refreshed.at("/staleness/outcomes").toString()).isEqualTo("{\"REFRESHED\":4,\"TRAINED\":2}");
        JsonNode synchronous = result("synchronous-3");
        assertThat(synchronous.at("/staleness/batches").toString()).isEqualTo("{\"0\":6}");
        assertThat(synchronous.get("steps").intValue()).isEqualTo(6);
        assertThat(synchronous.get("accuracy").fieldNames()).toIterable().containsExactly("clean", "pgd3");
        assertThat(synchronous.get("weightsSha256").textValue()).hasSize(64)
                .isNotEqualTo(refreshed.get("weightsSha256").textValue());
        int right = 0;
        for (boolean image : ImageBits.read(synchronous.at("/correct/clean").textValue(), 90)) {
            right += image ? 1 : 0;
        }
        assertThat(synchronous.at("/accuracy/clean").doubleValue()).isEqualTo(right / 90.0);
        assertThat(synchronous.get("perception")).isNotEmpty();
        assertThat(folder.resolve("work/tiny/synchronous-3")).isDirectoryContaining("glob:**/export")
                .isDirectoryNotContaining("glob:**/broker");

        assertThat(study(study, "--list")).isZero();
        assertThat(out.toString()).containsPattern("tiny +synchronous-3 +done");
        Path page = folder.resolve("page.md");
        assertThat(study(study, "--report", "--page", page.toString())).isZero();
        assertThat(Files.readString(page)).contains("2 of 2 cells have been run", "| `refreshed` | `synchronous` | 1 | 90 |");
        assertThat(folder.resolve("page/tiny-accuracy.svg")).exists();
    }

    /** The other program is a script that hands out weights, so what is tried is how it is called and what becomes of them. */
    @Test
    void evaluatesWhatAnotherProgramHasTrained() throws Exception {
        Geometry images = new Geometry(8, 8, 1, 2);
        Random random = new Random(SEED);
        for (String split : new String[] {"train", "test"}) {
            for (int i = 0; i < 6; i++) {
                byte[] pixels = new byte[images.imageSize()];
                random.nextBytes(pixels);
                PixelFiles.write(Files.createDirectories(folder.resolve("images/" + split + "/" + i % 2)).resolve(i + ".png"), 8, pixels);
            }
        }
        Tensors weights = InitialWeights.draw(new ProgramSpecification(images, new NetworkSpecification("cnn4", 2, 200, false,
                List.of(), List.of()), new ObjectiveSpecification("pgd-at"), new OptimizerSpecification(0.9f, 0), List.of()), SEED);
        byte[] file = SafeTensors.encode(weights, Map.of("network", "cnn4"));
        Files.write(folder.resolve("weights"), file);
        Path python = Files.writeString(folder.resolve("python"), """
                #!/bin/sh
                case $1 in
                    -c) echo 2.0-made ;;
                    *torch-cnn4-weights.py) test "$(cat "$2")" = trained && cp "%s" "$3" ;;
                    *) echo "$@" > "%s"; for out; do :; done; echo trained > "$out" ;;
                esac
                """.formatted(folder.resolve("weights"), folder.resolve("called")));
        assertThat(python.toFile().setExecutable(true)).isTrue();
        Path script = Files.writeString(folder.resolve("other.py"), "");
        Path study = Files.writeString(folder.resolve("other.yaml"), """
                study: other
                seeds: [4]
                settings: {data.name: image-folder, data.batches: 8, network.width: 2, optimizer.schedule: piecewise,
                  optimizer.milestones: [4, 6]}
                evaluate: {images: 6, suite: pgd2}
                cells: {torch: {program: yardstick}}
                """);

        assertThat(study(study)).as("without the program").isEqualTo(1);
        assertThat(err.toString()).contains("--yardstick: 'none' is not allowed; allowed: given, for the cell torch");
        assertThat(study(study, "--yardstick", python.toString(), "--yardstick-script", script.toString(), "--data",
                folder.resolve("images").toString())).as(out + "\n" + err).isZero();
        assertThat(Files.readString(folder.resolve("called"))).startsWith(script + " train --data " + folder.resolve("images")
                + " --network cnn4 --width 2 --objective rpat --batch 128 --steps 8 --precision fp32 --pgd-steps 10 --eps 0.1 "
                + "--alpha 0.025 --lr 0.05 --lam 1.0 --seed 4 --eval-images 6 --log-every 8 --out ");
        JsonNode result = new ObjectMapper().readTree(folder.resolve("results/other/torch-4.json").toFile());
        assertThat(result.get("weightsSha256").textValue()).isEqualTo(Sha256.of(file));
        assertThat(result.at("/versions/yardstickTorch").textValue()).isEqualTo("2.0-made");
        assertThat(result.get("staleness").isNull()).isTrue();
        assertThat(result.get("accuracy").fieldNames()).toIterable().containsExactly("clean", "pgd2");

        for (String program : new String[] {"", "# another"}) {
            Files.delete(folder.resolve("called"));
            Files.delete(folder.resolve("results/other/torch-4.json"));
            Files.writeString(script, program);
            assertThat(study(study, "--yardstick", python.toString(), "--yardstick-script", script.toString(), "--data",
                    folder.resolve("images").toString())).as(out + "\n" + err).isZero();
            assertThat(Files.exists(folder.resolve("called"))).as("trained again by the program '%s'", program)
                    .isEqualTo(!program.isEmpty());
            if (program.isEmpty()) {
                Files.createFile(folder.resolve("called"));
            }
        }
    }

    /** In a process of its own, for what it then tells the Java of all its services: so short a run is over before a compiler pays. */
    private int alone(Path file, String... options) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g",
                Sparring.class.getName()));
        words.addAll(arguments(file, options));
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(Map.of("CLASSPATH", System.getProperty("java.class.path"), "OPT_OUT_TRACKING", "true",
                "TF_CPP_MIN_LOG_LEVEL", "2", "JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djava.io.tmpdir="
                        + folder));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
            return process.exitValue();
        } finally {
            process.destroy();
            out.append(Files.readString(output));
        }
    }

    private static List<String> arguments(Path file, String... options) {
        List<String> arguments = new ArrayList<>(List.of("study", file.toString(), "--work",
                file.resolveSibling("work").toString(), "--attackers", "1", "--threads", "1"));
        arguments.addAll(List.of(options));
        return arguments;
    }

    private int study(Path file, String... options) {
        return Sparring.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
                .execute(arguments(file, options).toArray(String[]::new));
    }

    private JsonNode result(String cell) throws IOException {
        return new ObjectMapper().readTree(folder.resolve("results/tiny/" + cell + ".json").toFile());
    }
}

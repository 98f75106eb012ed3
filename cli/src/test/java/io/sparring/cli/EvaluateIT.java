package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.ExportedModel;
import io.sparring.learning.Geometry;
import io.sparring.learning.InitialWeights;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.ModelProgramBuilder;
import io.sparring.learning.NetworkSpecification;
import io.sparring.learning.ObjectiveSpecification;
import io.sparring.learning.OptimizerSpecification;
import io.sparring.learning.PixelPerturbation;
import io.sparring.learning.ProgramSpecification;
import io.sparring.learning.SafeTensors;
import io.sparring.learning.Tensors;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny network with random weights, on images that it classifies as they are labelled but for one. */
class EvaluateIT {

    private static final Geometry IMAGES = new Geometry(8, 8, 1, 4);
    private static final int COUNT = 14;
    private static final long SEED = 5;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter error = new StringWriter();

    @BeforeEach
    void makeModelAndImages() throws IOException {
        ProgramSpecification specification = new ProgramSpecification(IMAGES,
                new NetworkSpecification("cnn4", 4, 8, false, List.of(), List.of()), new ObjectiveSpecification("pgd-at"),
                new OptimizerSpecification(0.9f, 0), List.of());
        byte[] program = ModelProgramBuilder.build(specification);
        Tensors weights = InitialWeights.draw(specification, SEED);
        Random random = new Random(SEED);
        byte[] pixels = new byte[COUNT * IMAGES.imageSize()];
        random.nextBytes(pixels);
        try (ModelProgram model = ModelProgram.load(program, ExecutionSettings.standard())) {
            model.assign(weights);
            float[][] logits = model.predict(PixelPerturbation.images(pixels), COUNT);
            weights = balanced(weights, logits);
            model.assign(weights);
            float[][] balanced = model.predict(PixelPerturbation.images(pixels), COUNT);
            for (int i = 0; i < COUNT; i++) {
                int largest = largest(balanced[i]);
                write("test", i == 0 ? (largest + 1) % IMAGES.classes() : largest, i, pixels);
            }
        }
        for (int label = 0; label < IMAGES.classes(); label++) {
            write("train", label, 0, pixels);
        }
        Files.write(folder.resolve("weights.safetensors"), SafeTensors.encode(weights, Map.of()));
        ExportedModel.write(folder.resolve("model"), program, "cnn4", weights);
    }

    /** With offsets that let each class be predicted. */
    private static Tensors balanced(Tensors weights, float[][] logits) {
        float[] offsets = weights.values("head/bias");
        for (float[] ofImage : logits) {
            for (int k = 0; k < offsets.length; k++) {
                offsets[k] -= ofImage[k] / logits.length;
            }
        }
        Tensors.Builder balanced = Tensors.builder();
        weights.names().forEach(name -> balanced.put(name, weights.shape(name),
                name.equals("head/bias") ? offsets : weights.values(name)));
        return balanced.build();
    }

    private static int largest(float[] logits) {
        int largest = 0;
        for (int k = 1; k < logits.length; k++) {
            largest = logits[k] > logits[largest] ? k : largest;
        }
        return largest;
    }

    private void write(String split, int label, int image, byte[] pixels) throws IOException {
        Path directory = Files.createDirectories(folder.resolve("images/" + split + "/" + label));
        PixelFiles.write(directory.resolve(String.format("%02d.png", image)), IMAGES.width(),
                Arrays.copyOfRange(pixels, image * IMAGES.imageSize(), (image + 1) * IMAGES.imageSize()));
    }

    @Test
    void saysTheSameOfWeightsAndOfAnExportedModelAloneAndInTurnAndGoesOnWhereItWas() throws IOException {
        JsonNode inTurn = evaluate("weights.safetensors", "--checks", "--robustbench", folder.resolve("info.json").toString(),
                "--info", "name=A tiny network", "--info", "additional_data=true");
        assertThat(inTurn.get("images").asInt()).isEqualTo(COUNT);
        assertThat(inTurn.get("clean").asDouble()).isCloseTo((COUNT - 1.0) / COUNT, within(1e-9));
        double robust = inTurn.get("autoattack").asDouble();
        assertThat(robust).as("seed %d: %s", SEED, inTurn).isGreaterThan(0).isLessThan(inTurn.get("clean").asDouble())
                .isLessThanOrEqualTo(inTurn.get("pgd20").asDouble()).isEqualTo(inTurn.at("/parts/square").asDouble());
        assertThat(inTurn.get("parts").fieldNames()).toIterable().containsExactly("apgd-ce", "apgd-t", "fab-t", "square");
        assertThat(inTurn.get("epsilon").asText()).isEqualTo("2/255");
        assertThat(inTurn.at("/intervals/autoattack/0").asDouble()).isLessThan(robust);
        assertThat(inTurn.at("/intervals/autoattack/1").asDouble()).isGreaterThan(robust);
        assertThat(inTurn.get("masking")).hasSize(9);
        assertThat(out.toString()).contains("AutoAttack", "gradient masking:", "14 of 14 test images of image-folder");
        JsonNode info = new ObjectMapper().readTree(folder.resolve("info.json").toFile());
        assertThat(info.get("autoattack_acc").asText()).isEqualTo(String.format("%.2f", 100 * robust));
        assertThat(info.get("name").asText()).isEqualTo("A tiny network");
        assertThat(info.get("additional_data").asBoolean()).isTrue();

        JsonNode alone = evaluate("model", "--alone");
        assertThat(alone.get("autoattack")).as("what no part fools").isEqualTo(inTurn.get("autoattack"));
        assertThat(alone.get("pgd20")).isEqualTo(inTurn.get("pgd20"));
        assertThat(alone.at("/parts/apgd-ce")).as("the first part sees all images either way")
                .isEqualTo(inTurn.at("/parts/apgd-ce"));
        for (JsonNode part : alone.get("parts")) {
            assertThat(part.asDouble()).isBetween(robust, inTurn.get("clean").asDouble());
        }

        Path state = folder.resolve("weights.safetensors.state");
        List<String> lines = Files.readAllLines(state);
        int half = lines.size() / 2;
        Files.writeString(state, String.join("\n", lines.subList(0, half)) + "\n" + lines.get(half).substring(0, 9));
        JsonNode again = evaluate("weights.safetensors", "--checks");
        assertThat(out.toString()).contains("goes on with");
        for (String figure : new String[] {"clean", "pgd20", "parts", "autoattack", "masking", "intervals"}) {
            assertThat(again.get(figure)).as(figure).isEqualTo(inTurn.get(figure));
        }
        assertThat(Files.readAllLines(state).subList(0, half)).isEqualTo(lines.subList(0, half));
        // what is left of a step may be cut into other batches
        assertThat(done(Files.readAllLines(state))).as("nothing twice").doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(done(lines));
    }

    /** What became of each image in each step of each suite. */
    private static List<String> done(List<String> lines) throws IOException {
        List<String> done = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            JsonNode batch = new ObjectMapper().readTree(line);
            batch.get("images").forEach(image -> done.add(batch.get("suite").asText() + " " + image));
        }
        return done;
    }

    private JsonNode evaluate(String model, String... further) throws IOException {
        String[] always = {"evaluate", "--model", folder.resolve(model).toString(), "--dataset", "image-folder", "--data",
            folder.resolve("images").toString(), "--epsilon", "2/255", "--batch", "5", "--state",
            folder.resolve(model + ".state").toString(), "--json", folder.resolve("result.json").toString()};
        out.getBuffer().setLength(0);
        assertThat(Sparring.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(error, true))
                .execute(Stream.of(always, further).flatMap(Arrays::stream).toArray(String[]::new))).as(error::toString).isZero();
        return new ObjectMapper().readTree(folder.resolve("result.json").toFile());
    }
}

package io.sparring.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparring.cli.OtherProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A program to be measured against. It is called {@code PYTHON SCRIPT bench --network cnn4|resnet18 --width W --batch B
 * --steps N --precision fp32|bf16 --layout nchw|nhwc} and prints an object of JSON with {@code attack_images_per_s},
 * {@code train_images_per_s} and {@code step_images_per_s}: the same step of the same network, after a warm-up of its own.
 *
 * @param python an interpreter that has what the script needs
 */
record Yardstick(String python, Path script) {

    /** Its layouts of tensors: the published code has the first. */
    static final List<String> LAYOUTS = List.of("nchw", "nhwc");

    /** One turn, in a process of its own. */
    StepFigures measure(StepPlan plan, String layout) throws IOException, InterruptedException {
        JsonNode result = lastObject(OtherProgram.run(List.of(python, script.toString(), "bench",
                "--network", plan.network().network(), "--width", Integer.toString(plan.network().width()),
                "--batch", Integer.toString(plan.batch()), "--steps", Integer.toString(plan.steps()),
                "--precision", StepCommand.label(plan.precision()), "--layout", layout)));
        return new StepFigures(result.path("attack_images_per_s").asDouble(), result.path("train_images_per_s").asDouble(),
                result.path("step_images_per_s").asDouble(), 0);
    }

    /** The version of PyTorch that the interpreter has, or none. */
    String version() throws IOException, InterruptedException {
        return OtherProgram.run(List.of(python, "-c",
                "import importlib.util as u\nprint(__import__('torch').__version__ if u.find_spec('torch') else 'none')")).trim();
    }

    private JsonNode lastObject(String output) throws IOException {
        JsonNode last = null;
        for (String line : output.lines().toList()) {
            try {
                JsonNode node = new ObjectMapper().readTree(line);
                last = node.path("step_images_per_s").isNumber() ? node : last;
            } catch (JsonProcessingException e) {
                // a line for readers
            }
        }
        if (last != null) {
            return last;
        }
        throw new IOException("--yardstick-script: " + script + " printed no object with step_images_per_s but: " + output);
    }
}

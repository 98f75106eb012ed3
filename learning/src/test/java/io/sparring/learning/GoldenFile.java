package io.sparring.learning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A file of golden numbers: what the published PyTorch code computes in float64 on a tiny network with fixed weights. */
record GoldenFile(String name, JsonNode root) {

    static GoldenFile read(Path file) {
        try {
            return new GoldenFile(file.getFileName().toString(), new ObjectMapper().readTree(file.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String network() {
        return root.at("/network/name").asText();
    }

    /** The program that computes the same, with no attack. */
    ProgramSpecification specification(String objective, OptimizerSpecification optimizer) {
        JsonNode network = root.get("network");
        JsonNode input = network.get("input");
        return new ProgramSpecification(
                new Geometry(input.get(0).asInt(), input.get(1).asInt(), input.get(2).asInt(),
                        network.get("classes").asInt()),
                new NetworkSpecification(network(), network.get("width").asInt(), network.path("hidden").asInt(1),
                        root.at("/parameters").properties().stream().anyMatch(entry -> entry.getKey().endsWith("/gamma")),
                        List.of(), List.of()),
                new ObjectiveSpecification(objective, (float) number("interpolation"), (float) number("temperature")),
                optimizer, List.of());
    }

    /** Everything below a path that is an array with a shape. */
    Tensors tensors(String... path) {
        Tensors.Builder tensors = Tensors.builder();
        node(path).properties().forEach(entry -> tensors.put(entry.getKey(),
                integers(entry.getValue().get("shape")), floats(entry.getValue().get("data"))));
        return tensors.build();
    }

    /** One array, with a shape or without. */
    float[] values(String... path) {
        JsonNode node = node(path);
        return floats(node.has("data") ? node.get("data") : node);
    }

    /** A row of several arrays. */
    float[] row(int row, String... path) {
        return floats(node(path).get(row));
    }

    int[] labels() {
        return integers(node("labels"));
    }

    double number(String... path) {
        return node(path).asDouble();
    }

    /** The views of each image that an objective takes. */
    List<TrainingView> views(int count) {
        TrainingView first = new TrainingView(values("clean"), values("adversarial"));
        return count == 1 ? List.of(first)
                : List.of(first, new TrainingView(values("clean2"), values("adversarial2")));
    }

    /** The numbers below a path, by name. */
    Map<String, Double> numbers(String... path) {
        Map<String, Double> numbers = new TreeMap<>();
        node(path).properties().forEach(entry -> numbers.put(entry.getKey(), entry.getValue().asDouble()));
        return numbers;
    }

    List<String> names(String... path) {
        return node(path).properties().stream().map(Map.Entry::getKey).toList();
    }

    private JsonNode node(String... path) {
        JsonNode node = root;
        for (String step : path) {
            node = node.path(step);
        }
        if (node.isMissingNode()) {
            throw new IllegalArgumentException(name + " has no " + String.join(" > ", path));
        }
        return node;
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).asDouble();
        }
        return values;
    }

    private static int[] integers(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asInt();
        }
        return values;
    }
}

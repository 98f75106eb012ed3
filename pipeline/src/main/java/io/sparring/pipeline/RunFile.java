package io.sparring.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads a run specification. Values come, each over the one before, from the documented defaults, a YAML file, the
 * environment ({@code SPARRING_RUN_NETWORK_BATCH_NORM} for {@code network.batchNorm}) and options ({@code key=value}).
 * An unknown key or a bad value is an {@link IllegalArgumentException} that names it and what is allowed.
 */
public final class RunFile {

    /** What the names of environment variables with a run's keys begin with. */
    public static final String ENVIRONMENT_PREFIX = "SPARRING_RUN_";

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private final ObjectNode tree = defaults();
    private final Map<String, JsonNode> leaves = leaves(tree);

    private RunFile() {
    }

    /** The specification that the file, this process's environment and the options make together. */
    public static RunSpecification read(Path file, Map<String, String> environment, Map<String, String> options) {
        RunFile run = new RunFile();
        if (file != null) {
            run.merge(file);
        }
        run.environment(environment);
        options.forEach((key, value) -> run.set(key, value, "option " + key));
        return bind(run.tree);
    }

    /** The specification as a JSON document, every key with its value. */
    public static String toJson(RunSpecification specification) {
        try {
            return JSON.writeValueAsString(specification);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The specification as a YAML file. */
    public static String toYaml(RunSpecification specification) {
        try {
            return YAML.writeValueAsString(specification);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads what {@link #toJson} wrote; a document of an older release has the defaults of keys it does not know. */
    public static RunSpecification fromJson(String document) {
        RunFile run = new RunFile();
        try {
            run.merge(JSON.readTree(document), "published run");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("published run: not a JSON document: " + e.getOriginalMessage(), e);
        }
        return bind(run.tree);
    }

    /** The keys, as paths, in which two specifications differ. */
    public static List<String> differences(RunSpecification one, RunSpecification other) {
        Map<String, JsonNode> ones = leaves(JSON.valueToTree(one));
        Map<String, JsonNode> others = leaves(JSON.valueToTree(other));
        return ones.keySet().stream().filter(key -> !ones.get(key).equals(others.get(key))).toList();
    }

    private static ObjectNode defaults() {
        try (InputStream text = RunFile.class.getResourceAsStream("run-defaults.yaml")) {
            return (ObjectNode) YAML.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void merge(Path file) {
        JsonNode values;
        try {
            values = YAML.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + ": not a YAML file: " + oneLine(e), e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": cannot be read: " + e, e);
        }
        if (!values.isMissingNode() && !values.isNull()) {
            merge(values, file.toString());
        }
    }

    private void merge(JsonNode values, String source) {
        if (!values.isObject()) {
            throw new IllegalArgumentException(source + ": a run file holds keys and values");
        }
        leaves((ObjectNode) values).forEach((path, value) -> put(path, value, source));
    }

    private void environment(Map<String, String> environment) {
        Map<String, String> paths = leaves.keySet().stream().collect(Collectors.toMap(RunFile::variable, path -> path));
        environment.forEach((variable, value) -> {
            if (variable.startsWith(ENVIRONMENT_PREFIX)) {
                Setting.require(paths.containsKey(variable), "environment variable " + variable, value,
                        String.join(", ", new TreeMap<>(paths).keySet()));
                set(paths.get(variable), value, "environment variable " + variable);
            }
        });
    }

    /** {@code network.batchNorm} becomes {@code SPARRING_RUN_NETWORK_BATCH_NORM}. */
    static String variable(String path) {
        return ENVIRONMENT_PREFIX
                + path.replaceAll("([a-z])([A-Z])", "$1_$2").replace('.', '_').toUpperCase(Locale.ROOT);
    }

    private void set(String path, String text, String source) {
        try {
            // text stays as it is written: YAML would read a run named 2024_01 as the number 202401
            boolean literal = leaves.containsKey(path) && leaves.get(path).isTextual();
            put(path, literal ? TextNode.valueOf(text) : YAML.readTree(text), source);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(source + ": '" + text + "' is not a value: " + oneLine(e), e);
        }
    }

    private void put(String path, JsonNode value, String source) {
        if (!leaves.containsKey(path)) {
            List<String> within = leaves.keySet().stream().filter(key -> key.startsWith(path + ".")).toList();
            throw new IllegalArgumentException(source + ": key '" + path + "' is "
                    + (within.isEmpty() ? "not known; allowed: " : "a group and has no value of its own; allowed: ")
                    + String.join(", ", within.isEmpty() ? leaves.keySet() : within));
        }
        ValueKind kind = ValueKind.of(leaves.get(path));
        Setting.require(kind.takes(value), path, value.isTextual() ? value.textValue() : value, kind.allowed());
        int dot = path.lastIndexOf('.');
        ObjectNode parent = dot < 0 ? tree : (ObjectNode) tree.get(path.substring(0, dot));
        parent.set(path.substring(dot + 1), value);
    }

    private static Map<String, JsonNode> leaves(ObjectNode tree) {
        Map<String, JsonNode> leaves = new TreeMap<>();
        tree.properties().forEach(entry -> {
            if (entry.getValue() instanceof ObjectNode section && !section.isEmpty()) {
                leaves(section).forEach((path, value) -> leaves.put(entry.getKey() + "." + path, value));
            } else {
                leaves.put(entry.getKey(), entry.getValue());
            }
        });
        return leaves;
    }

    private static RunSpecification bind(ObjectNode tree) {
        try {
            return JSON.treeToValue(tree, RunSpecification.class);
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            List<String> path = new ArrayList<>();
            e.getPath().stream().map(JsonMappingException.Reference::getFieldName).filter(name -> name != null).forEach(path::add);
            throw new IllegalArgumentException(String.join(".", path) + ": " + e.getOriginalMessage(), e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }

    /** YAML's messages have lines that show the place. */
    private static String oneLine(JsonProcessingException e) {
        return e.getOriginalMessage().lines().map(String::strip).collect(Collectors.joining(" "));
    }
}

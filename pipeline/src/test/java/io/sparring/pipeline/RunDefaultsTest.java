package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The file {@code run-defaults.yaml} is the reference of a run's keys: whole, commented and true. */
class RunDefaultsTest {

    @Test
    void theDefaultsAreThoseOfTheFile() throws IOException {
        JsonNode file = new YAMLMapper().readTree(text());
        JsonNode loaded = new ObjectMapper().readTree(RunFile.toJson(RunKeys.run(Map.of())));
        assertThat(leaves(loaded)).isEqualTo(leaves(file)).containsEntry("run", "\"sparring\"")
                .containsEntry("data.batches", "1200").containsEntry("optimizer.learningRate", "0.05");
    }

    @Test
    void everyRecordComponentIsAKeyOfTheFileAndTheOtherWayRound() throws IOException {
        JsonNode file = new YAMLMapper().readTree(text());
        Map<String, Class<?>> components = components(RunSpecification.class, "");
        assertThat(leaves(file).keySet()).isEqualTo(components.keySet()).isEqualTo(RunKeys.OTHER_VALUES.keySet());
        components.forEach((key, type) -> assertThat(ValueKind.of(file.at("/" + key.replace('.', '/')))).as(key)
                .isEqualTo(kind(type)));
    }

    /** At it, above it, or above the first of a few keys that belong together. */
    @Test
    void everyKeyHasAComment() throws IOException {
        List<String> uncommented = new ArrayList<>();
        boolean commented = false;
        for (String line : text().lines().toList()) {
            boolean group = line.matches("\\w+:\\s*");
            if (line.isBlank() || group) {
                commented = false;
            } else if (line.strip().startsWith("#")) {
                commented = line.strip().length() > 2;
            } else if (!commented && !line.contains(" # ")) {
                uncommented.add(line.strip());
            }
        }
        assertThat(uncommented).isEmpty();
    }

    private static String text() throws IOException {
        try (InputStream resource = RunFile.class.getResourceAsStream("run-defaults.yaml")) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Map<String, String> leaves(JsonNode tree) {
        Map<String, String> leaves = new TreeMap<>();
        tree.properties().forEach(entry -> {
            if (entry.getValue().isObject()) {
                leaves(entry.getValue()).forEach((key, value) -> leaves.put(entry.getKey() + "." + key, value));
            } else {
                leaves.put(entry.getKey(), entry.getValue().toString());
            }
        });
        return leaves;
    }

    private static Map<String, Class<?>> components(Class<?> type, String prefix) {
        Map<String, Class<?>> components = new TreeMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getType().isRecord()) {
                components.putAll(components(component.getType(), prefix + component.getName() + "."));
            } else {
                components.put(prefix + component.getName(), component.getType());
            }
        }
        return components;
    }

    private static ValueKind kind(Class<?> type) {
        if (type == int.class || type == long.class) {
            return ValueKind.WHOLE_NUMBER;
        }
        if (type == float.class || type == double.class) {
            return ValueKind.NUMBER;
        }
        return type == boolean.class ? ValueKind.TRUTH : type == String.class ? ValueKind.TEXT : ValueKind.NUMBERS;
    }
}

package io.sparring.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Reads a study. */
final class StudyFile {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StudyFile() {
    }

    /** @throws IllegalArgumentException that names the file, the key and what is allowed */
    static Study read(Path file) {
        try {
            return YAML.readValue(Files.readString(file), Study.class);
        } catch (UnrecognizedPropertyException e) {
            throw new IllegalArgumentException(file + ": key '" + path(e) + "' is not known; allowed: " + e.getKnownPropertyIds()
                    .stream().map(String::valueOf).sorted().collect(Collectors.joining(", ")), e);
        } catch (JsonMappingException e) {
            String reason = e.getCause() instanceof IllegalArgumentException refused ? refused.getMessage()
                    : path(e) + ": " + e.getOriginalMessage();
            throw new IllegalArgumentException(file + ": " + reason, e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + ": not a YAML file: " + e.getOriginalMessage().lines().map(String::strip)
                    .collect(Collectors.joining(" ")), e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": cannot be read: " + e, e);
        }
    }

    private static String path(JsonMappingException e) {
        List<String> names = e.getPath().stream().map(reference -> reference.getFieldName() == null
                ? Integer.toString(reference.getIndex()) : reference.getFieldName()).toList();
        return String.join(".", names);
    }
}

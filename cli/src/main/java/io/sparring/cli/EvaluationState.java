package io.sparring.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparring.learning.autoattack.AttackSuite;
import io.sparring.learning.autoattack.ImageState;
import io.sparring.pipeline.Setting;
import io.sparring.schemas.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far an evaluation has come, in a file: what model and images it is of, and then a line for each batch after each step,
 * on disk before the next one is reported. A suite is known by its steps with all their parameters, so that another epsilon or
 * seed is another suite, and more images go on from those that are done. What a killed process left of its last line is cut off.
 */
final class EvaluationState implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FORMAT = "sparring-evaluation-1";
    private static final int KEY_DIGITS = 16;

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Map<Long, ImageState>> states = new HashMap<>();
    private final Map<String, Double> seconds = new HashMap<>();

    private EvaluationState(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens the file, or makes it, with its folder.
     *
     * @param model digest of the model
     * @param data  digest of the data set's images
     * @throws IllegalArgumentException when the file is none of these, or another process has it open
     */
    static EvaluationState open(Path file, String model, String data) throws IOException {
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            Setting.require(locked(channel), "--state", file, "a file that no other evaluation is writing");
            EvaluationState state = new EvaluationState(file, channel);
            state.read(JSON.createObjectNode().put("format", FORMAT).put("model", model).put("data", data));
            return state;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void read(ObjectNode head) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (content.hasRemaining() && channel.read(content) >= 0) {
            // until all is there
        }
        String text = new String(content.array(), 0, content.position(), StandardCharsets.UTF_8);
        int whole = text.lastIndexOf('\n') + 1;
        List<String> lines = text.substring(0, whole).lines().toList();
        if (lines.isEmpty()) {
            // a process killed at once may have left a part of the first line
            Setting.require((head + "\n").startsWith(text), "--state", file,
                    "a file that an evaluation has written, or one that is not there yet");
            channel.truncate(0);
            append(head);
            return;
        }
        Setting.require(parse(lines.get(0), 1).equals(head), "--state", file,
                "a file of the same model and data set (this one has " + lines.get(0) + ", wanted is " + head + ")");
        for (int i = 1; i < lines.size(); i++) {
            take(parse(lines.get(i), i + 1), i + 1);
        }
        channel.truncate(text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length);
        channel.position(channel.size());
    }

    private JsonNode parse(String line, int number) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw notOurs(number);
        }
    }

    private void take(JsonNode line, int number) {
        try {
            String suite = line.required("suite").asText();
            for (JsonNode image : line.required("images")) {
                String fooledBy = image.required(2).asText();
                put(suite, new ImageState(image.required(0).asLong(), image.required(1).asInt(),
                        image.required(2).isNull() ? Optional.empty() : Optional.of(fooledBy)));
            }
            seconds.merge(suite, line.required("seconds").asDouble(), Double::sum);
        } catch (IllegalArgumentException e) {
            throw notOurs(number);
        }
    }

    private IllegalArgumentException notOurs(int line) {
        return new IllegalArgumentException("--state " + file + ": line " + line + " is not what an evaluation has written");
    }

    /** What is known of a suite's images, by index. */
    Map<Long, ImageState> of(AttackSuite suite) {
        return Map.copyOf(states.getOrDefault(key(suite), Map.of()));
    }

    /** How long all that is known of a suite took. */
    double seconds(AttackSuite suite) {
        return seconds.getOrDefault(key(suite), 0.0);
    }

    /** Keeps what a step has made of a batch, and how long that took; on disk when this returns. */
    void add(AttackSuite suite, List<ImageState> batch, double took) throws IOException {
        String key = key(suite);
        ObjectNode line = JSON.createObjectNode().put("suite", key).put("seconds", took);
        ArrayNode images = line.putArray("images");
        for (ImageState state : batch) {
            images.addArray().add(state.image()).add(state.steps()).add(state.fooledBy().orElse(null));
            put(key, state);
        }
        seconds.merge(key, took, Double::sum);
        append(line);
    }

    private void put(String suite, ImageState state) {
        states.computeIfAbsent(suite, known -> new HashMap<>()).put(state.image(), state);
    }

    private void append(ObjectNode line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
    }

    private static String key(AttackSuite suite) {
        return Sha256.of(suite.steps().toString().getBytes(StandardCharsets.UTF_8)).substring(0, KEY_DIGITS);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

package io.sparring.learning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The safetensors format, for 32-bit floats: the header's length in 8 little-endian bytes, the header in JSON, the values in
 * little-endian order without gaps (https://huggingface.co/docs/safetensors, "Format").
 */
public final class SafeTensors {

    private static final String METADATA = "__metadata__";
    private static final String FLOAT32 = "F32";
    private static final int LENGTH_BYTES = Long.BYTES;
    private static final int HEADER_LIMIT = 100_000_000;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private SafeTensors() {
    }

    /** The same tensors and metadata give the same bytes. */
    public static byte[] encode(Tensors tensors, Map<String, String> metadata) {
        ObjectNode header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode node = header.putObject(METADATA);
            new TreeMap<>(metadata).forEach(node::put);
        }
        long offset = 0;
        for (String name : tensors.names()) {
            ObjectNode node = header.putObject(name);
            node.put("dtype", FLOAT32);
            Arrays.stream(tensors.shape(name)).forEach(node.putArray("shape")::add);
            long end = offset + (long) tensors.sharedValues(name).length * Float.BYTES;
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] json = padded(header.toString());
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(LENGTH_BYTES + json.length + offset))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json);
        for (String name : tensors.names()) {
            float[] values = tensors.sharedValues(name);
            bytes.asFloatBuffer().put(values);
            bytes.position(bytes.position() + values.length * Float.BYTES);
        }
        return bytes.array();
    }

    /**
     * Reads tensors, in the order in which their values lie in the file.
     *
     * @throws IllegalArgumentException saying what is wrong with the bytes
     */
    public static Tensors decode(byte[] bytes) {
        JsonNode header = header(bytes);
        ByteBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        values.position(LENGTH_BYTES + (int) values.getLong(0));
        int size = values.remaining();
        List<Map.Entry<String, JsonNode>> entries = new ArrayList<>();
        header.properties().stream().filter(entry -> !entry.getKey().equals(METADATA)).forEach(entries::add);
        entries.sort(Comparator.comparingLong(entry -> entry.getValue().path("data_offsets").path(0).asLong(-1)));
        Tensors.Builder tensors = Tensors.builder();
        long offset = 0;
        for (Map.Entry<String, JsonNode> entry : entries) {
            JsonNode tensor = entry.getValue();
            String name = entry.getKey();
            require(FLOAT32.equals(tensor.path("dtype").asText()), name + " is of type "
                    + tensor.path("dtype").asText("none") + ", only F32 is read");
            JsonNode offsets = tensor.path("data_offsets");
            long end = offsets.path(1).asLong(-1);
            require(offsets.size() == 2 && offsets.path(0).asLong(-1) == offset && end >= offset && end <= size
                    && (end - offset) % Float.BYTES == 0, name + " lies at " + offsets + ", where " + offset
                    + " to at most " + size + " is expected");
            float[] read = new float[(int) ((end - offset) / Float.BYTES)];
            values.asFloatBuffer().get(read);
            values.position(values.position() + read.length * Float.BYTES);
            tensors.put(name, shape(name, tensor.path("shape")), read);
            offset = end;
        }
        require(offset == size, size - offset + " bytes belong to no tensor");
        return tensors.build();
    }

    /**
     * Reads the metadata alone; empty when there is none.
     *
     * @throws IllegalArgumentException saying what is wrong with the bytes
     */
    public static Map<String, String> metadata(byte[] bytes) {
        Map<String, String> metadata = new TreeMap<>();
        header(bytes).path(METADATA).properties().forEach(entry -> {
            require(entry.getValue().isTextual(), "metadata '" + entry.getKey() + "' is not a string");
            metadata.put(entry.getKey(), entry.getValue().textValue());
        });
        return metadata;
    }

    private static JsonNode header(byte[] bytes) {
        require(bytes.length >= LENGTH_BYTES, bytes.length + " bytes are too few");
        long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        require(length >= 2 && length <= HEADER_LIMIT && length <= bytes.length - LENGTH_BYTES,
                "the header is said to have " + length + " bytes of " + bytes.length);
        try {
            JsonNode header = JSON.readTree(bytes, LENGTH_BYTES, (int) length);
            require(header.isObject(), "the header is no JSON object");
            return header;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("safetensors: the header is no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("safetensors: the header cannot be read", e);
        }
    }

    private static int[] shape(String name, JsonNode dimensions) {
        require(dimensions.isArray(), name + " has no shape");
        int[] shape = new int[dimensions.size()];
        for (int i = 0; i < shape.length; i++) {
            require(dimensions.get(i).canConvertToInt() && dimensions.get(i).intValue() >= 0,
                    name + " has the shape " + dimensions);
            shape[i] = dimensions.get(i).intValue();
        }
        return shape;
    }

    /** Spaces behind the header let the values begin at a multiple of 8. */
    private static byte[] padded(String header) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    private static void require(boolean right, String wrong) {
        if (!right) {
            throw new IllegalArgumentException("safetensors: " + wrong);
        }
    }
}

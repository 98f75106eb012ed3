package io.sparring.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sparring.learning.Geometry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Update;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an exported model is: the file {@code model.json} beside it.
 *
 * @param weightsSha256 digest of its weights, as on the run's topic of updates
 * @param programSha256 digest of the model program it is of
 * @param gate the condition it passed, as written; empty for none
 * @param accuracies by attack, [0, 1], as reported; those that were there when it was exported
 * @param dataset what it was trained on
 * @param network {@code network.name} of the run; it tells nothing of a program that was made elsewhere
 * @param inputShape height, width and channels of an image
 * @param classes length of the logits
 * @param exportedAt ISO 8601, UTC
 */
record ModelDescription(String run, int incarnation, long step, String weightsSha256, String programSha256, String gate,
        Map<String, Double> accuracies, String dataset, String network, List<Integer> inputShape, int classes,
        String exportedAt) {

    static final String FILE = "model.json";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    static ModelDescription of(RunSpecification run, Geometry geometry, Update update, Gate gate,
            Map<String, Double> accuracies, Instant now) {
        return new ModelDescription(run.run(), update.identity().incarnation(), update.identity().step(), update.sha256(),
                update.programSha256(), gate.text(), new TreeMap<>(accuracies), run.data().name(), run.network().name(),
                List.of(geometry.height(), geometry.width(), geometry.channels()), geometry.classes(),
                now.truncatedTo(ChronoUnit.MILLIS).toString());
    }

    /** That of the model in a folder, or nothing if there is none. */
    static Optional<ModelDescription> read(Path folder) throws IOException {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(folder.resolve(FILE)), ModelDescription.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void write(Path folder) throws IOException {
        JSON.writeValue(folder.resolve(FILE).toFile(), this);
    }

    /** Whether both are of the same weights of the same run. */
    boolean isSameModel(ModelDescription other) {
        return run.equals(other.run) && incarnation == other.incarnation && step == other.step
                && weightsSha256.equals(other.weightsSha256);
    }

    /** A name for a folder: no two models have the same. */
    String folderName() {
        return run + "-" + incarnation + "-" + step + "-" + weightsSha256.substring(0, 8);
    }
}

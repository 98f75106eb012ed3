package io.sparring.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** The results of a study's cells: a JSON file for each seed of each. */
final class CellResults {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    /** @param folder of this and other studies' results; made when the first is written */
    CellResults(Path folder) {
        this.folder = folder;
    }

    Path file(StudyTask task) {
        return folder.resolve(task.place() + ".json");
    }

    /**
     * The result of a cell that has been run with just these settings.
     *
     * @throws IllegalArgumentException when the file there is of other settings, or cannot be read
     */
    Optional<CellResult> of(StudyTask task) throws IOException {
        Optional<CellResult> result = read(task);
        List<String> differences = result.map(task::differences).orElse(List.of());
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException(file(task) + ": it is of another " + String.join(", ", differences)
                    + " than the study; remove it to run the cell again, or give the cell another name");
        }
        return result;
    }

    private Optional<CellResult> read(StudyTask task) throws IOException {
        Path file = file(task);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(file.toFile(), CellResult.class));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + ": not a cell's result: " + e.getOriginalMessage(), e);
        }
    }

    /** Writes a result, which appears whole or not at all. */
    void write(StudyTask task, CellResult result) throws IOException {
        Path file = file(task);
        Path written = file.resolveSibling("." + file.getFileName());
        ResultFile.write(written, result);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

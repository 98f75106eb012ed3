package io.sparring.cli;

import io.sparring.learning.ExportedModel;
import io.sparring.learning.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** A folder with an exported model, its weights and its description. */
final class ModelFolder {

    private ModelFolder() {
    }

    /**
     * Writes a new folder, which appears whole or not at all.
     *
     * @param program the run's model program
     */
    static void write(Path folder, byte[] program, Tensors weights, ModelDescription description) throws IOException {
        Path target = folder.toAbsolutePath();
        Files.createDirectories(target.getParent());
        // a sibling, so that the move stays within one file system
        Path written = target.resolveSibling("." + target.getFileName() + "-" + UUID.randomUUID());
        try {
            ExportedModel.write(written, program, description.network(), weights);
            description.write(written);
            Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            delete(written);
        }
    }

    /** Deletes the folder and all that is in it, if it is there. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(folder)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.deleteIfExists(file);
        }
    }
}

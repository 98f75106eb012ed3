package io.sparring.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparring.pipeline.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A study of two cells with two seeds, and results that nobody has computed. */
final class MadeStudy {

    static final String TEXT = """
            study: made
            title: A made study
            question: Does it matter?
            across: staleness L
            settings: {data.batches: 40, publishing.interval: 1}
            seeds: [1, 2]
            evaluate: {images: 4, suite: pgd20}
            cells:
              none: {group: RPAT, label: "0", settings: {staleness.exactly: 0}}
              four: {group: RPAT, label: "4", against: none, settings: {staleness.exactly: 4}}
            """;

    private MadeStudy() {
    }

    static Path write(Path folder, String text) throws IOException {
        return Files.writeString(folder.resolve("study.yaml"), text);
    }

    static List<StudyTask> tasks(Path folder) throws IOException {
        return StudyFile.read(write(folder, TEXT)).tasks(folder);
    }

    /** @param right which images are, under PGD-20; all are when clean */
    static CellResult result(StudyTask task, boolean... right) throws IOException {
        int standing = 0;
        for (boolean image : right) {
            standing += image ? 1 : 0;
        }
        boolean[] all = new boolean[right.length];
        Arrays.fill(all, true);
        return new CellResult(task.home().study(), task.home().cell(), task.seed(), task.program(),
                new ObjectMapper().readTree(RunFile.toJson(task.run())), task.evaluation(), 40, right.length,
                Map.of("clean", 1.0, "pgd20", (double) standing / right.length),
                Map.of("clean", ImageBits.write(all), "pgd20", ImageBits.write(right)),
                new StalenessSeen(Map.of((long) task.run().staleness().exactly(), 40L), Map.of("TRAINED", 40L)),
                List.of(new PerceptionFigures("defended", 2, 2, 0.5, 0.2, 0.05), new PerceptionFigures("failed", 2, 1, 0.25, 0.3, 0.1),
                        new PerceptionFigures("fooled", 1, 4, 0.5, 0.5, 0.2)),
                Map.of("training", 60.0), new Machine("made", 2, 8, "Linux", "JDK", "avx2"), Map.of("tensorFlow", "2.16.1"),
                "ab".repeat(32), "cd".repeat(32), "2026-11-29T12:00:00Z");
    }
}

package io.sparring.cli;

import io.sparring.dashboard.IntervalChart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The page with the results of studies: Markdown, and its pictures in a folder beside it that is named after it. */
final class StudyPage {

    private static final String HEAD = """
            # Results

            Made by `sparring study --report` from the JSON files of the cells that have been run; nothing on it is written by
            hand. [evaluation.md](evaluation.md) says what the figures mean, [running.md](running.md#studies) how a study is run.

            Accuracy is the share of the first n test images that the final model still classifies rightly. Every interval is of
            95 %, over seeds and images as samples of all there might be: two-way analysis of variance with seeds and images as
            crossed random effects (Dorfman, Berbaum and Metz 1992, with the degrees of freedom of Hillis 2007); of one seed it is
            Wilson's, over images alone. Differences are paired, image by image and seed by seed, in points of a hundred. A
            difference is decided when its interval lies on one side of the margin, and never by one seed.
            """;

    private final Path page;
    private final List<String> lines = new ArrayList<>();

    StudyPage(Path page) {
        this.page = page;
    }

    /** Writes the page and its pictures. */
    void write(List<StudyFindings> studies) throws IOException {
        lines.add(HEAD);
        summary(studies);
        for (StudyFindings study : studies) {
            section(study);
        }
        if (page.toAbsolutePath().getParent() != null) {
            Files.createDirectories(page.toAbsolutePath().getParent());
        }
        Files.writeString(page, String.join("\n", lines).stripTrailing() + "\n");
    }

    /** What has been decided, for those who want no more than that. */
    private void summary(List<StudyFindings> studies) {
        List<String> said = new ArrayList<>();
        for (StudyFindings study : studies) {
            List<String> verdicts = new StudyTables(study).verdicts();
            if (!verdicts.isEmpty()) {
                said.add("- **" + study.study().title() + "**, " + cells(study)
                        + (study.study().across().isEmpty() ? "" : ", by " + study.study().across()));
                verdicts.forEach(verdict -> said.add("  - " + verdict));
            }
        }
        if (!said.isEmpty()) {
            lines.add("## In short\n");
            lines.add("Losses are under the strongest attack that a cell and the one it is compared with have both been under.\n");
            lines.addAll(said);
            lines.add("");
        }
    }

    private void section(StudyFindings findings) throws IOException {
        Study study = findings.study();
        lines.add("## " + study.title() + "\n");
        if (!study.question().isBlank()) {
            lines.add(study.question().strip() + "\n");
        }
        lines.add(String.format("%s have been run (`%s`, %d cells with %s).%n", cells(findings), study.study(), study.cells().size(),
                seeds(study)));
        List<String> same = findings.cells().values().stream().filter(cell -> cell.cell().same() != null)
                .map(cell -> "`" + cell.name() + "`: `" + cell.cell().same() + "`").toList();
        if (!same.isEmpty()) {
            lines.add("Cells that are other studies' too: " + String.join(", ", same) + ".\n");
        }
        findings.other().forEach(other -> lines.add("Left out: " + other + "\n"));
        if (findings.run() == 0) {
            return;
        }
        StudyTables tables = new StudyTables(findings);
        lines.addAll(tables.setting());
        lines.addAll(tables.accuracies());
        StudyPictures pictures = new StudyPictures(findings);
        picture(study, "accuracy", pictures.accuracy());
        lines.addAll(tables.differences());
        picture(study, "difference", pictures.difference());
        lines.addAll(tables.perception());
    }

    private static String cells(StudyFindings findings) {
        return findings.run() + " of " + findings.planned() + " cells";
    }

    private static String seeds(Study study) {
        return study.seeds().size() == 1 ? "one seed" : study.seeds().size() + " seeds";
    }

    private void picture(Study study, String what, Optional<IntervalChart> chart) throws IOException {
        if (chart.isEmpty()) {
            return;
        }
        String folder = page.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        Path file = page.resolveSibling(folder).resolve(study.study() + "-" + what + ".svg");
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, chart.get().svg());
        lines.add("![" + chart.get().said() + "](" + folder + "/" + file.getFileName() + ")\n");
    }
}

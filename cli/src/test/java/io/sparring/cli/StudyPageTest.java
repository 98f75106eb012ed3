package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyPageTest {

    @TempDir
    Path folder;

    private CellResults results;
    private List<StudyTask> tasks;

    @BeforeEach
    void read() throws IOException {
        tasks = MadeStudy.tasks(folder);
        results = new CellResults(folder.resolve("results"));
    }

    private String page() throws IOException {
        Path page = folder.resolve("docs/results.md");
        new StudyPage(page).write(List.of(StudyFindings.of(StudyFile.read(folder.resolve("study.yaml")), folder, results)));
        return Files.readString(page);
    }

    @Test
    void ofAStudyThatHasNotBeenRunHasNoTables() throws IOException {
        assertThat(page()).contains("## A made study", "Does it matter?", "0 of 4 cells have been run")
                .doesNotContain("|", "`none`", "In short");
        assertThat(folder.resolve("docs/results")).doesNotExist();
    }

    @Test
    void hasOnlyCellsThatHaveBeenRunAndDecidesNothingByOneSeed() throws IOException {
        results.write(tasks.get(0), MadeStudy.result(tasks.get(0), true, true, true, false));
        assertThat(page()).contains("1 of 4 cells have been run", "| `none` | 1 | 4 | 100.0 % (51.0 to 100.0) | 75.0 % (30.1 to 95.4) |"
                + " 0.0 (0) | 1.0 |").doesNotContain("`four` |");
        results.write(tasks.get(1), MadeStudy.result(tasks.get(1), true, true, true, false));
        assertThat(page()).contains("2 of 4 cells have been run", "| `four` | `none` | 1 | 4 | 0.0 (0.0 to 0.0) | 0.0 (0.0 to 0.0) | "
                + "PGD-20 | not decided |", "- **A made study**, 2 of 4 cells, by staleness L\n  - RPAT: not decided: 4\n"
                + "  - perception, failed / defended: not decided: `none`, `four`");
    }

    @Test
    void hasResultsOfACellThatIsTheSameUnderItsOwnName() throws IOException {
        results.write(tasks.get(0), MadeStudy.result(tasks.get(0), true, true, true, false));
        MadeStudy.write(folder, MadeStudy.TEXT.replace("study: made", "study: second").replace("none: {", "zero: {same: made/none, ")
                .replace("against: none", "against: zero"));
        assertThat(page()).contains("1 of 4 cells have been run", "| `zero` | 1 | 4 |", "`zero`: `made/none`").doesNotContain("`four`");
    }

    @Test
    void comparesImageByImageAndSeedBySeed() throws IOException {
        results.write(tasks.get(0), MadeStudy.result(tasks.get(0), true, true, true, false));
        results.write(tasks.get(1), MadeStudy.result(tasks.get(1), true, true, true, true));
        results.write(tasks.get(2), MadeStudy.result(tasks.get(2), true, false, true, false));
        results.write(tasks.get(3), MadeStudy.result(tasks.get(3), true, false, true, true));
        String page = page();
        // of each seed the fourth image is gained, so that seeds do not differ: 25 points, and images' deviation of a half
        assertThat(page).contains("4 of 4 cells have been run", "| `four` | `none` | 2 | 4 | 0.0 (0.0 to 0.0) | "
                + "+25.0 (−24.0 to +74.0) | PGD-20 | not decided |", "![Accuracy, PGD-20 by staleness L", "(results/made-difference.svg)",
                "| `none` | 2 | 0.50 (0.50 to 0.50) | below 1 | 1.50 (1.50 to 1.50) | 2.00 (2.00 to 2.00) | 0.50 (0.50 to 0.50) |");
        assertThat(Files.readString(folder.resolve("docs/results/made-difference.svg"))).contains("RPAT, 4: 25.0 %", "margin");
    }

    @Test
    void leavesOutResultsOfOtherSettingsAndSaysSo() throws IOException {
        results.write(tasks.get(0), MadeStudy.result(tasks.get(1), true, true, true, false));
        assertThat(page()).contains("0 of 4 cells have been run", "Left out: ", "it is of another staleness.exactly than the study");
    }
}

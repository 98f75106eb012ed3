package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sparring.trainer.RunProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StudyFileTest {

    private static final Path EXPERIMENTS = Path.of("..", "experiments");

    @TempDir
    Path folder;

    @Test
    void isACellForEachSeedTheFirstSeedsFirst() throws IOException {
        List<StudyTask> tasks = MadeStudy.tasks(folder);
        assertThat(tasks).extracting(StudyTask::name).containsExactly("none-1", "four-1", "none-2", "four-2");
        StudyTask last = tasks.get(3);
        assertThat(last.run().seed()).isEqualTo(2);
        assertThat(last.run().run()).isEqualTo("made-four-2");
        assertThat(last.run().staleness().exactly()).isEqualTo(4);
        assertThat(last.run().data().batches()).isEqualTo(40);
        assertThat(last.run().log()).as("so that all steps are counted").isEqualTo("keep");
        assertThat(last.evaluation()).isEqualTo(new StudyEvaluation(4, "pgd20", 0L));
        assertThat(last.evaluation().attack(last.run()).stepSize()).isEqualTo(last.run().evaluation().stepSize());
    }

    @Test
    void aCellMayBeEvaluatedOtherwise() throws IOException {
        Study study = StudyFile.read(MadeStudy.write(folder, MadeStudy.TEXT.replace("four: {", "four: {evaluate: {suite: autoattack}, ")));
        assertThat(study.tasks(folder).get(1).evaluation()).isEqualTo(new StudyEvaluation(4, "autoattack", 0L));
        assertThat(study.tasks(folder).get(0).evaluation().suite()).isEqualTo("pgd20");
    }

    @Test
    void aCellThatIsTheSameAsAnotherStudysHasItsResults() throws IOException {
        StudyTask first = MadeStudy.tasks(folder).get(0);
        StudyTask same = StudyFile.read(MadeStudy.write(folder, MadeStudy.TEXT.replace("study: made", "study: second")
                .replace("none: {", "zero: {same: made/none, ").replace("against: none", "against: zero"))).tasks(folder).get(0);
        assertThat(same.name()).as("by which it is chosen").isEqualTo("zero-1");
        assertThat(same.place()).isEqualTo(first.place()).isEqualTo(Path.of("made", "none-1"));
        assertThat(same.run()).as("with the run's name, which its log has").isEqualTo(first.run());
        CellResults results = new CellResults(folder.resolve("results"));
        results.write(first, MadeStudy.result(first, true, true, true, true));
        assertThat(results.of(same)).contains(MadeStudy.result(first, true, true, true, true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            seeds: [1, 2]      | seeds: [1, 1]          | seeds: '[1, 1]' is not allowed; allowed: one or more, each once
            study: made        | study: ../made         | study: '../made' is not allowed
            against: none      | against: nobody        | cells.four.against: 'nobody' is not allowed; allowed: another cell: none, four
            staleness.exactly: 4 | staleness.exact: 4   | cells.four: option staleness.exact: key 'staleness.exact' is not known
            staleness.exactly: 4 | staleness.exactly: x | cells.four: staleness.exactly: 'x' is not allowed
            suite: pgd20       | suite: fgsm            | evaluate.suite: 'fgsm' is not allowed
            against: none      | same: made            | cells.four.same: 'made' is not allowed; allowed: STUDY/CELL
            against: none      | same: made/../none    | cells.four.same: 'made/../none' is not allowed
            label: "4"         | lable: "4"             | key 'cells.four.lable' is not known; allowed: against, evaluate
            data.batches: 40   | data.batches: 0        | cells.none: optimizer.schedule: 'cosine' is not allowed
            """)
    void namesWhatIsWrong(String right, String wrong, String message) throws IOException {
        assertThat(MadeStudy.TEXT).contains(right);
        Path file = MadeStudy.write(folder, MadeStudy.TEXT.replace(right, wrong));
        assertThatIllegalArgumentException().isThrownBy(() -> StudyFile.read(file).tasks(folder))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void theStudiesThatComeWithSparringCanBeRun(Path file) {
        Study study = StudyFile.read(file);
        assertThat(file.getFileName()).hasToString(study.study() + ".yaml");
        for (StudyTask task : study.tasks(file.getParent())) {
            RunProgram.check(task.run());
            if (task.program().equals(StudyCell.YARDSTICK)) {
                assertThat(YardstickPlan.arguments(task, Path.of("data"), Path.of("out"))).startsWith("train", "--data", "data")
                        .containsSubsequence("--precision", task.run().network().precision().equals("bfloat16") ? "bf16" : "fp32")
                        .containsSubsequence("--steps", Long.toString(task.run().data().batches())).endsWith("--augment");
            }
        }
        assertThat(study.cells().values().stream().filter(cell -> cell.comparedWith().isPresent())).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void cellsCalledTheSameAreTheSame(Path file) {
        for (StudyTask task : StudyFile.read(file).tasks(file.getParent())) {
            Path other = file.resolveSibling(task.home().study() + ".yaml");
            StudyTask home = StudyFile.read(other).tasks(file.getParent()).stream().filter(each -> each.cell()
                    .equals(task.home().cell()) && each.seed() == task.seed()).findFirst().orElseThrow();
            assertThat(home.run()).as(task.name()).isEqualTo(task.run());
            assertThat(home.evaluation()).as(task.name()).isEqualTo(task.evaluation());
            assertThat(home.program()).as(task.name()).isEqualTo(task.program());
        }
    }

    static Stream<Path> shipped() throws IOException {
        try (Stream<Path> files = Files.list(EXPERIMENTS)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "optimizer.schedule: cosine, optimizer.milestones: []     | optimizer.schedule: 'cosine []'    | piecewise",
        "objective.name: trades, objective.beta: 3                | objective.beta: '3.0'              | 6.0",
        "objective.interpolation: 0.4                             | objective.interpolation: '0.4'     | 0.5",
        "attack.name: fgsm, attack.steps: 1                       | attack.name: 'fgsm'                | pgd",
        "data.validationImages: 5000                              | data.validationImages: '5000'      | 0"})
    void theYardstickRefusesWhatItDoesNotHave(String settings, String named, String allowed) throws IOException {
        StudyTask task = StudyFile.read(MadeStudy.write(folder, MadeStudy.TEXT.replace("settings: {data.batches: 40, ",
                "settings: {data.batches: 40, optimizer.schedule: piecewise, optimizer.milestones: [20, 30], " + settings + ", ")
                .replace("optimizer.schedule: piecewise, optimizer.milestones: [20, 30], optimizer.schedule", "optimizer.schedule")))
                .tasks(folder).get(0);
        assertThatIllegalArgumentException().isThrownBy(() -> YardstickPlan.arguments(task, folder, folder))
                .withMessage(named + " is not allowed; allowed: for the yardstick, " + allowed
                        + (settings.contains("cosine") ? " with factor 0.1, milestones at a half and three quarters, and no warm-up" : ""));
    }
}

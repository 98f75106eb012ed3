package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyRunTest {

    @TempDir
    Path folder;

    private final List<String> said = new ArrayList<>();
    private final Stop stop = new Stop();
    private List<StudyTask> tasks;
    private CellResults results;

    /** Remembers what it was asked to run, and finishes or fails as it is told. */
    private final class Recorded implements CellProgram {
        private final List<String> run = new ArrayList<>();
        private final List<String> finished = new ArrayList<>();
        private String fails = "";
        private String stopsIn = "";
        private StudyTask elsewhere;

        @Override
        public Optional<CellResult> run(StudyTask task) throws IOException {
            run.add(task.name());
            if (elsewhere != null) {
                results.write(elsewhere, MadeStudy.result(elsewhere, true, true, true, true));
            }
            if (task.name().equals(fails)) {
                throw new IOException("no disk");
            }
            if (task.name().equals(stopsIn)) {
                stop.stop();
                return Optional.empty();
            }
            return Optional.of(MadeStudy.result(task, true, false, true, true));
        }

        @Override
        public void finish(StudyTask task) {
            assertThat(results.file(task)).exists();
            finished.add(task.name());
        }
    }

    private final Recorded program = new Recorded();

    @BeforeEach
    void read() throws IOException {
        tasks = MadeStudy.tasks(folder);
        results = new CellResults(folder.resolve("results"));
    }

    private List<String> run() throws IOException, InterruptedException {
        return new StudyRun(tasks, results, Map.of("sparring", program), stop, said::add).run();
    }

    @Test
    void runsWhatIsNotThereAndWritesEachResult() throws Exception {
        results.write(tasks.get(1), MadeStudy.result(tasks.get(1), true, true, true, true));
        assertThat(run()).isEmpty();
        assertThat(program.run).containsExactly("none-1", "none-2", "four-2");
        assertThat(program.finished).isEqualTo(program.run);
        assertThat(results.of(tasks.get(0))).contains(MadeStudy.result(tasks.get(0), true, false, true, true));
        assertThat(said).contains("1 of 4 cells are there");
        run();
        assertThat(program.run).as("nothing twice").hasSize(3);
    }

    @Test
    void leavesWhatAnotherHasRunMeanwhile() throws Exception {
        program.elsewhere = tasks.get(2);
        assertThat(run()).isEmpty();
        assertThat(program.run).containsExactly("none-1", "four-1", "four-2");
        assertThat(results.of(tasks.get(2))).contains(MadeStudy.result(tasks.get(2), true, true, true, true));
    }

    @Test
    void leavesTheRestWhenItIsStoppedAndGoesOnFromThere() throws Exception {
        program.stopsIn = "four-1";
        assertThat(run()).isEmpty();
        assertThat(program.run).containsExactly("none-1", "four-1");
        assertThat(program.finished).containsExactly("none-1");
        assertThat(results.file(tasks.get(1))).doesNotExist();

        Recorded later = new Recorded();
        new StudyRun(tasks, results, Map.of("sparring", later), new Stop(), said::add).run();
        assertThat(later.run).containsExactly("four-1", "none-2", "four-2");
    }

    @Test
    void aCellThatFailsLeavesTheOthersTheirTurn() throws Exception {
        program.fails = "four-1";
        assertThat(run()).containsExactly("four-1");
        assertThat(program.run).hasSize(4);
        assertThat(results.file(tasks.get(1))).doesNotExist();
        assertThat(said).contains("four-1 has failed: no disk");
    }

    @Test
    void refusesResultsOfOtherSettingsBeforeItRunsAnything() throws Exception {
        results.write(tasks.get(3), MadeStudy.result(tasks.get(0), true, true, true, true));
        assertThatIllegalArgumentException().isThrownBy(this::run).withMessage(results.file(tasks.get(3))
                + ": it is of another seed, staleness.exactly than the study; remove it to run the cell again, or give the cell "
                + "another name");
        Files.writeString(results.file(tasks.get(3)), "{");
        assertThatIllegalArgumentException().isThrownBy(this::run).withMessageContaining("not a cell's result");
        assertThat(program.run).isEmpty();
    }

    @Test
    void bitsAreReadAsTheyWereWritten() {
        boolean[] images = new boolean[11];
        images[0] = images[7] = images[10] = true;
        assertThat(ImageBits.write(images)).isEqualTo("8104");
        assertThat(ImageBits.read("8104", 11)).isEqualTo(images);
        assertThatIllegalArgumentException().isThrownBy(() -> ImageBits.read("8104", 10));
        assertThatIllegalArgumentException().isThrownBy(() -> ImageBits.read("8104", 17));
    }

    @Test
    void timeSpentIsOfAllProcesses() throws Exception {
        Files.writeString(folder.resolve(SpentTime.FILE), "12.5");
        SpentTime spent = new SpentTime(folder);
        assertThat(spent.spend(() -> "done")).isEqualTo("done");
        assertThat(spent.seconds()).isBetween(12.5, 13.5);
    }
}

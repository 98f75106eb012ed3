package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class StudyCommandTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter error = new StringWriter();

    private int study(String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("study", MadeStudy.write(folder, MadeStudy.TEXT).toString(), "--work",
                folder.resolve("work").toString()));
        words.addAll(List.of(options));
        return Sparring.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(error))
                .execute(words.toArray(String[]::new));
    }

    @Test
    void listsCellsByWhatIsThereOfThem() throws IOException {
        List<StudyTask> tasks = MadeStudy.tasks(folder);
        CellResults results = new CellResults(folder.resolve("results"));
        results.write(tasks.get(0), MadeStudy.result(tasks.get(0), true, false, true, true));
        results.write(tasks.get(1), MadeStudy.result(tasks.get(0), true, false, true, true));
        assertThat(folder.resolve("work/made/none-2").toFile().mkdirs()).isTrue();
        assertThat(study("--list")).isZero();
        assertThat(out.toString().lines()).hasSize(5).anyMatch(line -> line.matches("made +none-1 +done"))
                .anyMatch(line -> line.matches("made +none-2 +begun")).anyMatch(line -> line.matches("made +four-2 +to be run"))
                .anyMatch(line -> line.contains("it is of another staleness.exactly than the study"));
        assertThat(study("--list", "--only", "four-2")).isZero();
        assertThat(out.toString()).endsWith("to be run\n");
    }

    @Test
    void refusesWhatCannotBe() throws IOException {
        assertThat(study("--list", "--only", "none,five")).isEqualTo(1);
        assertThat(error.toString()).contains("--only: 'five' is not allowed; allowed: names of cells");
        assertThat(study("--list", "--report")).isEqualTo(1);
        assertThat(error.toString()).contains("--list and --report: 'both' is not allowed");
        assertThat(study("--for", "soon")).isEqualTo(2);
        assertThat(error.toString()).contains("'soon' is not allowed; allowed: a time such as 90s, 40m or 1h30m");
        assertThat(study("--yardstick", "python")).isEqualTo(1);
        assertThat(error.toString()).contains("both of --yardstick PYTHON and --yardstick-script FILE, or none");
        assertThat(folder.resolve("work")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "40", "-5m", "0s", "m", "1d"})
    void aTimeHasAUnitAndIsAboveNothing(String text) {
        assertThatThrownBy(() -> new TimeBudget().convert(text)).isInstanceOf(TypeConversionException.class);
    }

    @Test
    void aTimeIsOfHoursMinutesAndSeconds() {
        assertThat(new TimeBudget().convert("1h30m")).isEqualTo(Duration.ofMinutes(90));
        assertThat(new TimeBudget().convert("90s")).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void whoIsToldToStopIsToldOnceAndThoseWhoComeLaterAtOnce() {
        Stop stop = new Stop();
        List<String> told = new ArrayList<>();
        stop.whenStopped(() -> told.add("first"));
        stop.check();
        stop.stop();
        stop.stop();
        stop.whenStopped(() -> told.add("second"));
        assertThat(told).containsExactly("first", "second");
        assertThatThrownBy(stop::check).isInstanceOf(Stop.StoppedException.class);
    }

    @Test
    void whoIsDoneIsNotToldAndNotHeld() {
        Stop stop = new Stop();
        List<String> told = new ArrayList<>();
        WeakReference<Object> held = listenedTo(stop, told);
        await().untilAsserted(() -> {
            System.gc();
            assertThat(held.get()).isNull();
        });
        stop.stop();
        assertThat(told).isEmpty();
    }

    private static WeakReference<Object> listenedTo(Stop stop, List<String> told) {
        Object held = new Object();
        try (Stop.Listening listening = stop.whenStopped(() -> told.add(held.toString()))) {
            return new WeakReference<>(held);
        }
    }
}

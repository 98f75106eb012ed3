package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ExternalCommandTest {

    @TempDir Path directory;

    @Test
    void runsInItsDirectory() throws Exception {
        command().run("sh", "-c", "printf here > file");

        assertThat(directory.resolve("file")).hasContent("here");
    }

    @Test
    void anExitCodeComesWithTheLastLinesOfBothOutputs() {
        assertThatIOException().isThrownBy(() -> command().run("sh", "-c", "seq 1 100; echo broken >&2; exit 3"))
                .withMessageStartingWith("'sh -c seq 1 100; echo broken >&2; exit 3' exited with 3: 90; ")
                .withMessageEndingWith("; 100; broken");
    }

    @Test
    void aProgramThatTakesTooLongIsKilledWithWhatItStarted() {
        ExternalCommand impatient = new ExternalCommand(directory, Duration.ofMillis(300));

        assertThatIOException().isThrownBy(() -> impatient.run("sh", "-c", "echo begun; tail -f /dev/null; echo never"))
                .withMessageEndingWith("took more than 300 ms: begun");
        // the system takes a moment to bury what was killed
        await().untilAsserted(() -> assertThat(ProcessHandle.current().descendants()
                .flatMap(process -> process.info().arguments().stream()))
                .noneMatch(arguments -> String.join(" ", arguments).contains("-f /dev/null")));
    }

    @Test
    void aProgramThatAsksGetsNoAnswer() {
        assertThatIOException().isThrownBy(() -> command().run("sh", "-c", "read answer"))
                .withMessageEndingWith("exited with 1");
    }

    @Test
    void muchOutputDoesNotStopTheProgram() throws Exception {
        command().run("sh", "-c", "seq 1 200000");
    }

    @Test
    void aMissingProgramIsNamed() {
        assertThatIOException().isThrownBy(() -> command().run("no-such-program-of-ours"))
                .withMessageContaining("no-such-program-of-ours");
    }

    private ExternalCommand command() {
        return new ExternalCommand(directory, Duration.ofSeconds(20));
    }
}

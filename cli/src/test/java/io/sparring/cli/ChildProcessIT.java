package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void runsACommandAndKeepsItsOutput() throws Exception {
        try (ChildProcess child = ChildProcess.start(ChildCommand.sparring("version", log(), "--version"))) {
            assertThat(child.exitCode().get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isZero();
            assertThat(child.isAlive()).isFalse();
        }
        assertThat(log()).content().startsWith("Sparring ");
    }

    @Test
    void givesTheEnvironmentAndTheOptionsOfTheJvm() throws Exception {
        ChildCommand command = scripted("report").withEnvironment("GREETING", "hello").withJvmOptions("-Dwhom=world");
        try (ChildProcess child = ChildProcess.start(command)) {
            assertThat(child.awaitReady(LIMIT)).isEqualTo("hello world, tracking out: true");
        }
    }

    @Test
    void sharesWhatAChildThatDoesNotStartHasSaid() throws Exception {
        Files.writeString(log(), "of an earlier start\n");
        try (ChildProcess child = ChildProcess.start(ChildCommand.sparring("trainer", log(), "--unheard-of"))) {
            assertThatThrownBy(() -> child.awaitReady(LIMIT))
                    .isInstanceOf(ChildFailedException.class)
                    .hasMessageStartingWith("the trainer ended with exit code 2 before it was ready")
                    .hasMessageContaining(log().toString())
                    .hasMessageContaining("sparring: Unknown option: '--unheard-of'")
                    .hasMessageNotContaining("earlier");
        }
    }

    @Test
    void stopsAChildThatIsNotReadyInTime() throws Exception {
        try (ChildProcess child = ChildProcess.start(scripted("wait"))) {
            assertThatThrownBy(() -> child.awaitReady(Duration.ofMillis(1)))
                    .isInstanceOf(ChildFailedException.class)
                    .hasMessageContaining("was not ready within");
            assertThat(child.isAlive()).isFalse();
        }
    }

    @Test
    void forcesAChildThatDoesNotStop() throws Exception {
        try (ChildProcess child = ChildProcess.start(scripted("stubborn"))) {
            child.awaitReady(LIMIT);

            assertThat(child.stop(Duration.ofMillis(200))).isFalse();

            assertThat(child.exitCode()).isCompletedWithValue(128 + 9);
        }
    }

    private ChildCommand scripted(String behaviour) {
        return ChildCommand.sparring(behaviour, log(), behaviour).withMainClass(ScriptedChild.class);
    }

    private Path log() {
        return folder.resolve("child.log");
    }
}

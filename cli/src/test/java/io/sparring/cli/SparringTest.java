package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparringTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void tellsItsVersion() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).matches("Sparring \\d+\\.\\d+\\.\\d+\\S* \\(Java .*\\)\\R");
    }

    @Test
    void needsACommand() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).isEqualToIgnoringNewLines("sparring: a command is missing (see sparring --help)");
    }

    @Test
    void saysInOneLineWhatIsWrongWithACommand() {
        assertThat(run("broker", "--port", "x")).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString()
                .startsWith("sparring: ").contains("--port").endsWith("(see sparring broker --help)");
    }

    @Test
    void saysInOneLineWhatHasFailed() throws IOException {
        assertThat(run("broker", "--folder", notAFolder())).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().startsWith("sparring: ").contains("file");
    }

    @Test
    void saysWhereItHasFailedIfAsked() throws IOException {
        assertThat(run("broker", "--verbose", "--folder", notAFolder())).isEqualTo(1);
        assertThat(err.toString()).contains("\tat io.sparring.cli.LocalBroker.start");
    }

    private String notAFolder() throws IOException {
        return Files.createFile(folder.resolve("file")).toString();
    }

    private int run(String... arguments) {
        return Sparring.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
    }
}

package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the dashboard refuses before it serves anything. */
class DashboardCommandTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--port 70000                    | http.port: '70000'  | from 0 to 65535",
        "--port x                        | --port              | dashboard --help",
        "--set foo=1                     | key 'foo'           | data.batches",
        "--unheard-of                    | --unheard-of        | --help"})
    void isSaidInOneLineThatNamesTheKeyAndWhatIsAllowed(String options, String key, String allowed) throws IOException {
        assertThat(error(options)).contains(key, allowed);
    }

    @Test
    void aRunFileThatIsMissingIsNamed() {
        StringWriter error = new StringWriter();
        assertThat(Sparring.commandLine().setErr(new PrintWriter(error)).execute("dashboard", "--run", "missing.yaml",
                "--bootstrap-servers", "127.0.0.1:1")).isEqualTo(1);
        assertThat(error.toString()).contains("missing.yaml", "cannot be read");
    }

    private String error(String options) throws IOException {
        Path run = Files.writeString(folder.resolve("run.yaml"), "run: one\n");
        StringWriter error = new StringWriter();
        List<String> words = new ArrayList<>(List.of("dashboard", "--run", run.toString(), "--bootstrap-servers", "127.0.0.1:1"));
        words.addAll(List.of(options.split(" ")));
        assertThat(Sparring.commandLine().setErr(new PrintWriter(error)).execute(words.toArray(String[]::new))).isBetween(1, 2);
        assertThat(error.toString().lines()).singleElement().asString().startsWith("sparring: ");
        return error.toString();
    }
}

package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What export refuses before it asks Kafka for anything. */
class ExportCommandTest {

    @TempDir
    Path folder;

    @BeforeEach
    void makeWhatIsThere() throws IOException {
        Files.createDirectory(folder.resolve("taken"));
        Files.writeString(folder.resolve("run.yaml"), "run: made");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "--out new                            | --bootstrap-servers                | SPARRING_KAFKA_BOOTSTRAP_SERVERS",
        "--out taken                          | --out: '                           | not there yet",
        "--out taken --follow                 | --out: '                           | a name that is free",
        "--out new --gate pgd20               | --gate: at character 6 of 'pgd20'  | >=, >, <= or <",
        "--out new --step 5 --follow          | --step                             | --help",
        "--out new --step 5 --gate clean>0    | --step                             | --help",
        "--out new --step x                   | --step                             | --help",
        "\"\"                                 | --out                              | --help"})
    void isSaidInOneLine(String options, String what, String allowed) {
        StringWriter error = new StringWriter();
        List<String> words = new ArrayList<>(List.of("export", "--run", folder.resolve("run.yaml").toString()));
        for (String word : options.isEmpty() ? new String[0] : options.split(" ")) {
            words.add(List.of("new", "taken").contains(word) ? folder.resolve(word).toString() : word);
        }
        if (!what.equals("--bootstrap-servers")) {
            words.addAll(List.of("--bootstrap-servers", "127.0.0.1:1"));
        }

        int exitCode = Sparring.commandLine().setErr(new PrintWriter(error)).execute(words.toArray(String[]::new));

        assertThat(exitCode).isBetween(1, 2);
        assertThat(error.toString().lines()).singleElement().asString().startsWith("sparring: ").contains(what, allowed);
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void tellsHowTheFolderIsReplaced() {
        StringWriter out = new StringWriter();

        assertThat(Sparring.commandLine().setOut(new PrintWriter(out)).execute("export", "--help")).isZero();

        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains("symbolic link into DIR.versions", "--gate=EXPRESSION", "clean > 80 %'");
    }
}

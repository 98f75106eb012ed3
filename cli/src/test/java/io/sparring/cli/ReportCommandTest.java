package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a report refuses before it asks the cluster. */
class ReportCommandTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--output FOLDER/missing/report.html | --output: 'FOLDER/missing/report.html'    | a file in a folder that is there",
        "--output FOLDER                     | --output: 'FOLDER'                        | a file in a folder that is there",
        "--images -1                         | --images: '-1' is not allowed             | at least 0",
        "--update 300                        | --update: '300' is not allowed            | incarnation and step, such as 0/300",
        "--update 0/3 --images 0             | --update: 'given with --images 0'         | at least one image",
        "--threads -1                        | threads                                   | at least 1",
        "--program-sha256 abc                | abc                                       | hexadecimal",
        "--name other                        | --run                                     | report --help",
        "--unheard-of                        | --unheard-of                              | --help"})
    void isSaidInOneLineThatNamesTheOptionAndWhatIsAllowed(String options, String named, String allowed) throws IOException {
        String error = error(options.replace("FOLDER", folder.toString()));
        assertThat(error.lines()).singleElement().asString().startsWith("sparring: ");
        assertThat(error).contains(named.replace("FOLDER", folder.toString()), allowed);
    }

    private String error(String options) throws IOException {
        Path run = Files.writeString(folder.resolve("run.yaml"), "run: one\n");
        StringWriter error = new StringWriter();
        List<String> words = new ArrayList<>(List.of("report", "--run", run.toString(), "--bootstrap-servers", "127.0.0.1:1"));
        if (!options.contains("--output")) {
            words.addAll(List.of("--output", folder.resolve("report.html").toString()));
        }
        words.addAll(List.of(options.split(" ")));
        assertThat(Sparring.commandLine().setErr(new PrintWriter(error)).execute(words.toArray(String[]::new))).isBetween(1, 2);
        return error.toString();
    }
}

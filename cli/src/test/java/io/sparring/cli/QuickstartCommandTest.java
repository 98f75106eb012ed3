package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.RunSpecification;
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
import picocli.CommandLine;

/** What the quickstart refuses before it starts anything. */
class QuickstartCommandTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "--steps 0x                            | data.batches: '0x'        | a whole number",
        "--steps -1                            | data.batches: '-1'        | at least 0",
        "--steps 0                             | optimizer.schedule        | constant or piecewise",
        "--width 0                             | network.width: '0'        | from 1 to",
        "--network foo                         | network.name: 'foo'       | cnn4",
        "--objective foo                       | objective.name: 'foo'     | pgd-at",
        "--dataset foo                         | data.name: 'foo'          | fashion-mnist",
        "--dashboard-port 70000                | --dashboard-port: '70000' | from 0 to 65535",
        "--attackers 0                         | --attackers: '0'          | at least 1",
        "--set foo=1                           | key 'foo'                 | data.batches",
        "--set attack=1                        | key 'attack'              | attack.epsilon",
        "--set attack.epsilon=x                | attack.epsilon: 'x'       | a number",
        "--set attack.epsilon=2                | attack.epsilon: '2'       | from 0 to 0.5",
        "--set network.mean=[                  | network.mean              | not a value",
        "--set optimizer.warmUp=500            | optimizer.warmUp: '500'   | fewer than data.batches",
        "--set staleness.atMost=1              | staleness.atMost: '1'     | at least publishing.interval",
        "--run missing.yaml                    | missing.yaml              | cannot be read",
        "--unheard-of                          | --unheard-of              | --help"})
    void isSaidInOneLineThatNamesTheKeyAndWhatIsAllowed(String options, String key, String allowed) {
        StringWriter error = new StringWriter();
        Path at = folder.resolve("quickstart");
        List<String> words = new ArrayList<>(List.of("quickstart", "--folder", at.toString()));
        words.addAll(List.of(options.split(" ")));

        int exitCode = Sparring.commandLine().setErr(new PrintWriter(error)).execute(words.toArray(String[]::new));

        assertThat(exitCode).isBetween(1, 2);
        assertThat(error.toString().lines()).singleElement().asString().startsWith("sparring: ").contains(key, allowed);
        assertThat(at).doesNotExist();
    }

    @Test
    void keepsTheWholeLogUnlessItIsToldOtherwise() throws IOException {
        assertThat(specification()).extracting(RunSpecification::log).isEqualTo("keep");
        assertThat(specification("--set", "log=trim")).extracting(RunSpecification::log).isEqualTo("trim");
        Path file = Files.writeString(folder.resolve("run.yaml"), "run: own\nlog: trim\n");
        assertThat(specification("--run", file.toString())).extracting(RunSpecification::log).isEqualTo("trim");
        Files.writeString(file, "run: own\n");
        assertThat(specification("--run", file.toString())).extracting(RunSpecification::log).isEqualTo("keep");
    }

    private static RunSpecification specification(String... options) throws IOException {
        QuickstartCommand command = new QuickstartCommand();
        new CommandLine(command).parseArgs(options);
        return command.specification();
    }

    @Test
    void tellsWhatThereIs() {
        StringWriter out = new StringWriter();

        assertThat(Sparring.commandLine().setOut(new PrintWriter(out)).execute("quickstart", "--help")).isZero();

        assertThat(out.toString()).contains("--network", "--steps", "--set=KEY=VALUE", "--fresh", "--json=FILE");
    }
}

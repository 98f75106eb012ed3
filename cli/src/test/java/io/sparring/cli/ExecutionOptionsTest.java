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

/** What the services that compute refuse before they ask Kafka for anything. */
class ExecutionOptionsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "attacker  | --device=gpu      | device: 'gpu' is not allowed; allowed: cpu, or gpu:0 to gpu:255",
        "trainer   | --device=tpu:0    | device: 'tpu:0' is not allowed; allowed: cpu, or gpu:0 to gpu:255",
        "evaluator | --device=gpu:-1   | device: 'gpu:-1' is not allowed; allowed: cpu, or gpu:0 to gpu:255",
        "attacker  | --device=gpu:255  | device: 'gpu:255' is not there",
        "trainer   | --device=gpu:255  | device: 'gpu:255' is not there",
        "evaluator | --device=gpu:255  | device: 'gpu:255' is not there",
        "trainer   | --threads=-1      | execution.intraOpThreads: '-1' is not allowed; allowed: 1 to 1024",
        "attacker  | --program-sha256=12 | --program-sha256: '12' is not allowed; allowed: 64 hexadecimal digits",
        "trainer   | --program-sha256=12 | --program-sha256: '12' is not allowed; allowed: 64 hexadecimal digits",
        "evaluator | --program-sha256=12 | --program-sha256: '12' is not allowed; allowed: 64 hexadecimal digits",
        "export    | --program-sha256=   | --program-sha256: '' is not allowed; allowed: 64 hexadecimal digits"})
    void isSaidInOneLine(String service, String option, String message) throws IOException {
        StringWriter error = new StringWriter();
        Path run = Files.writeString(folder.resolve("run.yaml"), "run: made");
        List<String> arguments = new ArrayList<>(List.of(
                service, "--run", run.toString(), "--bootstrap-servers", "127.0.0.1:1", option));
        if (service.equals("export")) {
            arguments.addAll(List.of("--out", folder.resolve("model").toString()));
        }

        int exitCode = Sparring.commandLine().setErr(new PrintWriter(error)).execute(arguments.toArray(String[]::new));

        assertThat(exitCode).isEqualTo(1);
        assertThat(error.toString().lines()).singleElement().asString().startsWith("sparring: " + message);
    }

    @Test
    void areNoneOfTheProducers() {
        StringWriter out = new StringWriter();

        assertThat(Sparring.commandLine().setOut(new PrintWriter(out)).execute("producer", "--help")).isZero();

        assertThat(out.toString()).contains("--instance").doesNotContain("--device", "--threads", "--program-sha256");
    }
}

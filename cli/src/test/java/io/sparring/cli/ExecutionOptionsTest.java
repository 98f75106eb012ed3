package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
        "trainer   | --threads=-1      | execution.intraOpThreads: '-1' is not allowed; allowed: 1 to 1024"})
    void isSaidInOneLine(String service, String option, String message) throws IOException {
        StringWriter error = new StringWriter();
        Path run = Files.writeString(folder.resolve("run.yaml"), "run: made");

        int exitCode = Sparring.commandLine().setErr(new PrintWriter(error))
                .execute(service, "--run", run.toString(), "--bootstrap-servers", "127.0.0.1:1", option);

        assertThat(exitCode).isEqualTo(1);
        assertThat(error.toString().lines()).singleElement().asString().startsWith("sparring: " + message);
    }

    @Test
    void areNoneOfTheProducers() {
        StringWriter out = new StringWriter();

        assertThat(Sparring.commandLine().setOut(new PrintWriter(out)).execute("producer", "--help")).isZero();

        assertThat(out.toString()).contains("--instance").doesNotContain("--device", "--threads");
    }
}

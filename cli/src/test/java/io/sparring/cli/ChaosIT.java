package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./sparring chaos} with a few kills on a network as small as can be: nothing that a run promises is broken. */
class ChaosIT {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void keepsEveryPromiseWhoeverIsKilled() throws Exception {
        int code = chaos(5, 400, "exactly: 4");

        assertThat(code).as(out + "\n" + err).isZero();
        JsonNode result = new ObjectMapper().readTree(folder.resolve("result.json").toFile());
        assertThat(result.get("kills").properties()).allSatisfy(kills -> assertThat(kills.getValue().intValue()).isEqualTo(1));
        assertThat(result.get("kills").fieldNames()).toIterable()
                .containsExactly("broker", "producer", "attacker", "trainer", "evaluator");
        assertThat(result.get("faults").fieldNames()).toIterable()
                .contains("producer-transaction", "attacker-transaction", "trainer-transaction");
        assertThat(result.get("batches").longValue()).isEqualTo(400);
        assertThat(result.get("lost").longValue()).isZero();
        assertThat(result.get("duplicated").longValue()).isZero();
        assertThat(result.get("bitIdentical").booleanValue()).as(out.toString()).isTrue();
        assertThat(result.get("maxStaleness").longValue()).isBetween(4L, 8L);
        assertThat(result.get("broken")).isEmpty();
        assertThat(out.toString()).contains("died at trainer-transaction:", "broker killed and started again");
    }

    @Test
    void saysThatARunIsTooShortForTheKills() throws Exception {
        int code = chaos(50, 10, "atMost: 16");

        assertThat(code).as(out + "\n" + err).isEqualTo(1);
        assertThat(out.toString()).containsPattern("BROKEN: the run is long enough: all 10 batches were done before \\d+ of 50 kills");
    }

    private int chaos(int kills, int batches, String staleness) throws Exception {
        Path run = Files.writeString(folder.resolve("chaos.yaml"), """
                run: chaos
                data: {name: fashion-mnist, batchSize: 16, batches: %d, lead: 24, heldOutImages: 100, heldOutBatchSize: 50}
                network: {width: 2, hidden: 8}
                attack: {steps: 1}
                evaluation: {steps: 2, every: 200}
                optimizer: {learningRate: 0.01}
                publishing: {checkpointEvery: 5}
                staleness: {%s, craftAfterSeconds: 600}
                """.formatted(batches, staleness));
        List<String> arguments = List.of("chaos", "--run", run.toString(), "--kills", "" + kills, "--seed", "1", "--attackers",
                "1", "--folder", folder.resolve("chaos").toString(), "--json", folder.resolve("result.json").toString());
        return Sparring.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
    }
}

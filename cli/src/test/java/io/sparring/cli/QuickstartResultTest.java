package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartResultTest {

    private static final List<MeasuredVersion> VERSIONS =
            List.of(new MeasuredVersion(0, 0.1, 0.05), new MeasuredVersion(1000, 0.8124, 0.4));

    @TempDir
    Path folder;

    @Test
    void isWrittenWithTheDocumentedKeys() throws Exception {
        Path file = folder.resolve("results/quickstart.json");

        new QuickstartResult("fashion", "fashion-mnist", 12.5, 2000, VERSIONS, "/export/fashion-0-1000").write(file);

        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertThat(json.fieldNames()).toIterable()
                .containsExactly("run", "dataset", "seconds", "heldOutImages", "versions", "export");
        assertThat(json.get("seconds").doubleValue()).isEqualTo(12.5);
        assertThat(json.get("heldOutImages").intValue()).isEqualTo(2000);
        assertThat(json.get("export").textValue()).isEqualTo("/export/fashion-0-1000");
        assertThat(json.get("versions")).hasSize(2);
        assertThat(json.get("versions").get(1)).hasToString("{\"step\":1000,\"clean\":0.8124,\"pgd20\":0.4}");
    }

    @Test
    void isWrittenWithoutAnExportIfItWasEndedBefore() throws Exception {
        Path file = folder.resolve("quickstart.json");

        new QuickstartResult("fashion", "fashion-mnist", 12.5, 2000, List.of(), null).write(file);

        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertThat(json.get("export").isNull()).isTrue();
        assertThat(json.get("versions")).isEmpty();
    }

    @Test
    void isATableWithALineForEachVersion() {
        String table = new QuickstartResult("fashion", "fashion-mnist", 12.5, 2000, VERSIONS, "/export").table();

        assertThat(table.lines()).containsExactly(
                "    step     clean    PGD-20",
                "       0    10.0 %     5.0 %",
                "    1000    81.2 %    40.0 %  exported model",
                "exported to /export");
    }

    @Test
    void tellsHowToGoOnIfItWasEndedBefore() {
        String table = new QuickstartResult("fashion", "fashion-mnist", 12.5, 2000, VERSIONS, null).table();

        assertThat(table).doesNotContain("exported").endsWith("the same command goes on from here");
    }
}

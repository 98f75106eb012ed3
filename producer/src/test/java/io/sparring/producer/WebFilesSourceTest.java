package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebFilesSourceTest {

    @TempDir Path workspace;

    @Test
    void fetchesTheFilesByName() throws Exception {
        try (ServedFiles server = new ServedFiles(Map.of("/set/one.gz", new byte[] {1}, "/set/two.gz", new byte[] {2}))) {
            WebFilesSource source = new WebFilesSource(server.uri("/set/"), List.of("one.gz", "two.gz"));

            Path files = source.fetch(workspace);

            assertThat(source.description()).isEqualTo(server.uri("/set/").toString());
            assertThat(files.resolve("one.gz")).hasBinaryContent(new byte[] {1});
            assertThat(files.resolve("two.gz")).hasBinaryContent(new byte[] {2});
        }
    }

    @Test
    void namesTheFileThatIsMissing() throws Exception {
        try (ServedFiles server = new ServedFiles(Map.of("/set/one.gz", new byte[] {1}))) {
            WebFilesSource source = new WebFilesSource(server.uri("/set/"), List.of("one.gz", "two.gz"));

            assertThatIOException().isThrownBy(() -> source.fetch(workspace))
                    .withMessageStartingWith(server.uri("/set/two.gz").toString());
        }
    }
}

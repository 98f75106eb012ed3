package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class DownloadTest {

    @TempDir Path directory;

    @Test
    void writesTheFile() throws Exception {
        try (ServedFiles server = new ServedFiles(Map.of("/file", new byte[] {1, 2, 3}))) {
            new Download(server.uri("/file")).to(directory.resolve("file"));
        }
        assertThat(directory.resolve("file")).hasBinaryContent(new byte[] {1, 2, 3});
    }

    @Test
    void saysWhichStatusItWas() throws Exception {
        try (ServedFiles server = new ServedFiles(Map.of())) {
            assertThatIOException().isThrownBy(() -> new Download(server.uri("/file")).to(directory.resolve("file")))
                    .withMessage(server.uri("/file") + ": HTTP status 404; expected: 200");
        }
    }

    @Test
    void givesUpOnAServerThatStallsHalfWay() throws Exception {
        try (ServedFiles server = new ServedFiles(Map.of())) {
            Download download = new Download(server.uri("/stalled"), Duration.ofMillis(300));

            assertThatIOException().isThrownBy(() -> download.to(directory.resolve("file")))
                    .withMessage(server.uri("/stalled") + ": nothing received for 300 ms");
        }
    }

    @Test
    void givesUpOnAServerThatNeverAnswers() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("http://127.0.0.1:%d/file".formatted(silent.getLocalPort()));

            assertThatIOException()
                    .isThrownBy(() -> new Download(uri, Duration.ofMillis(300)).to(directory.resolve("file")))
                    .withMessage(uri + ": nothing received for 300 ms");
        }
    }

    @Test
    void saysWhyThereIsNoConnection() {
        URI unknown = URI.create("http://host.invalid/file");

        assertThatIOException().isThrownBy(() -> new Download(unknown).to(directory.resolve("file")))
                .withMessageStartingWith(unknown + ": ").withMessageNotContaining("null");
    }
}

package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebArchiveSourceTest {

    @TempDir Path packed;
    @TempDir Path workspace;

    @Test
    void fetchesAndUnpacksTheArchive() throws Exception {
        try (ServedFiles server = new ServedFiles(Map.of("/set.tar.gz", archive()))) {
            Path files = new WebArchiveSource(server.uri("/set.tar.gz"), "inner").fetch(workspace);

            assertThat(files.resolve("file")).hasBinaryContent(new byte[] {5});
        }
    }

    @Test
    void unpacksAnArchiveOfTheOfficialSumAndNoOther() throws Exception {
        byte[] archive = archive();
        String other = RawFile.md5Of(new byte[0]);
        try (ServedFiles server = new ServedFiles(Map.of("/set.tar.gz", archive))) {
            URI uri = server.uri("/set.tar.gz");
            assertThatIOException()
                    .isThrownBy(() -> new WebArchiveSource(uri, "inner", Optional.of(other)).fetch(workspace))
                    .withMessage("what came has the MD5 sum %s; expected: %s", RawFile.md5Of(archive), other);
            assertThat(workspace.resolve("inner")).doesNotExist();

            Path files = new WebArchiveSource(uri, "inner", Optional.of(RawFile.md5Of(archive))).fetch(workspace);
            assertThat(files.resolve("file")).hasBinaryContent(new byte[] {5});
        }
    }

    @Test
    void saysThatWhatCameIsNoArchive() throws Exception {
        try (ServedFiles server = new ServedFiles(Map.of("/set.tar.gz", new byte[] {1, 2, 3}))) {
            assertThatIOException()
                    .isThrownBy(() -> new WebArchiveSource(server.uri("/set.tar.gz"), "inner").fetch(workspace))
                    .withMessageStartingWith("'tar -xzf archive.tar.gz' exited with ");
        }
    }

    private byte[] archive() throws Exception {
        Files.write(Files.createDirectory(packed.resolve("inner")).resolve("file"), new byte[] {5});
        new ExternalCommand(packed, Duration.ofSeconds(30)).run("tar", "-czf", "set.tar.gz", "inner");
        return Files.readAllBytes(packed.resolve("set.tar.gz"));
    }
}

package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class WorkspaceTest {

    @Test
    void isGoneWithAllThatIsInItWhenClosed() throws IOException {
        Path directory;
        try (Workspace workspace = Workspace.open("set")) {
            directory = workspace.directory();
            assertThat(directory).isEmptyDirectory();
            Files.writeString(Files.createDirectories(directory.resolve("a/b")).resolve("file"), "x");
        }
        assertThat(directory).doesNotExist();
    }
}

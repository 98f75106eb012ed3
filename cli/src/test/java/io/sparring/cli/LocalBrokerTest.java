package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done to a broker's folder from outside of it. */
class LocalBrokerTest {

    @TempDir
    Path folder;

    @Test
    void theDataOfABrokerThatRunsAreNotRemoved() throws IOException {
        Path log = Files.createFile(Files.createDirectories(folder.resolve("data/topic-0")).resolve("0.log"));
        try (FileChannel broker = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = broker.lock()) {
            assertThatThrownBy(() -> LocalBroker.delete(folder)).isInstanceOf(IOException.class)
                    .hasMessage("another broker runs on the folder " + folder);
            assertThat(log).exists();
        }

        LocalBroker.delete(folder);
        assertThat(folder).isDirectoryContaining(file -> file.endsWith("lock")).isDirectoryNotContaining(file -> file.endsWith("data"));
        LocalBroker.delete(folder.resolve("nothing"));
    }
}

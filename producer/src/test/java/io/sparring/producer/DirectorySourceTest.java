package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectorySourceTest {

    @TempDir Path directory;

    @Test
    void isTheDirectoryOrItsSubdirectoryOfTheName() throws IOException {
        assertThat(new DirectorySource(directory, "mnist").fetch(directory)).isEqualTo(directory);

        Path own = Files.createDirectory(directory.resolve("mnist"));

        assertThat(new DirectorySource(directory, "mnist").fetch(directory)).isEqualTo(own);
    }

    @Test
    void namesADirectoryThatIsNotThere() {
        Path missing = directory.resolve("missing");

        assertThatIOException().isThrownBy(() -> new DirectorySource(missing, "mnist").fetch(directory))
                .withMessage(missing + ": no such directory");
    }
}

package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawFileTest {

    private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);

    /** The sum of "abc" is a test vector of RFC 1321. */
    private final RawFile file = new RawFile("letters", "900150983cd24fb0d6963f7d28e17f72");

    @TempDir Path directory;

    @Test
    void isFoundAsItIsAndCompressed() throws IOException {
        Path compressed = Files.write(directory.resolve("letters.gz"), MadeFiles.gzip(ABC));
        assertThat(file.in(directory)).isEqualTo(compressed);
        assertThatCode(() -> file.verify(directory)).doesNotThrowAnyException();

        Path plain = Files.write(directory.resolve("letters"), ABC);
        assertThat(file.in(directory)).isEqualTo(plain);
        assertThatCode(() -> file.verify(directory)).doesNotThrowAnyException();
    }

    @Test
    void aWrongSumNamesTheFileTheSumFoundAndTheSumExpected() throws IOException {
        Path wrong = Files.write(directory.resolve("letters"), new byte[0]);

        assertThatIOException().isThrownBy(() -> file.verify(directory)).withMessage(wrong
                + ": its content has the MD5 sum d41d8cd98f00b204e9800998ecf8427e; "
                + "expected: 900150983cd24fb0d6963f7d28e17f72");
    }

    @Test
    void aFileWhoseSumIsNotKnownIsCheckedByItsLength() throws IOException {
        Path there = Files.write(directory.resolve("letters.gz"), MadeFiles.gzip(ABC));

        assertThatCode(() -> new RawFile("letters", 3).verify(directory)).doesNotThrowAnyException();
        assertThatIOException().isThrownBy(() -> new RawFile("letters", 4).verify(directory))
                .withMessage(there + ": its content has 3 bytes; expected: 4");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatIOException().isThrownBy(() -> file.verify(directory))
                .withMessage(directory.resolve("letters") + ": not there, nor with .gz");
    }

    @Test
    void contentIsUncompressedWhateverTheName() throws IOException {
        assertThat(RawFile.content(Files.write(directory.resolve("plain.gz"), ABC))).isEqualTo(ABC);
        assertThat(RawFile.content(Files.write(directory.resolve("packed"), MadeFiles.gzip(ABC)))).isEqualTo(ABC);
        assertThat(RawFile.content(Files.write(directory.resolve("short"), new byte[] {0x1f}))).containsExactly(0x1f);
    }
}

package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparring.learning.EventFolder.Point;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;

class EventFolderTest {

    private static final Instant NOW = Instant.parse("2026-11-29T00:00:00Z");

    @TempDir
    Path folder;

    @Test
    void recordsAreFramedAsTensorFlowFramesThem() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TensorFlowRecords.write(out, "123456789".getBytes(StandardCharsets.US_ASCII));
        // CRC-32C of "123456789" is the published check value e3069283
        int masked = Integer.rotateRight(0xe3069283, 15) + 0xa282ead8;
        assertThat(HexFormat.of().formatHex(out.toByteArray())).startsWith("0900000000000000").hasSize(2 * (8 + 4 + 9 + 4))
                .endsWith(HexFormat.of().toHexDigits(Integer.reverseBytes(masked)));
        assertThat(TensorFlowRecords.read(new ByteArrayInputStream(out.toByteArray()))).hasValueSatisfying(record ->
                assertThat(record).asString().isEqualTo("123456789"));
        assertThat(TensorFlowRecords.read(new ByteArrayInputStream(new byte[0]))).isEmpty();
    }

    @Test
    void damageIsSeen() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TensorFlowRecords.write(out, new byte[] {1, 2, 3});
        for (int at = 0; at < out.size(); at++) {
            byte[] damaged = out.toByteArray();
            damaged[at] ^= 1;
            assertThatThrownBy(() -> TensorFlowRecords.read(new ByteArrayInputStream(damaged))).as("byte %s", at)
                    .isInstanceOf(IOException.class);
            byte[] torn = Arrays.copyOf(out.toByteArray(), Math.max(1, at));
            assertThatThrownBy(() -> TensorFlowRecords.read(new ByteArrayInputStream(torn))).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aPointIsWrittenOnceWhoeverBeginsAnew() throws IOException {
        Point first = new Point("training/loss", 1, 0.5f, NOW);
        Point second = new Point("training/loss", 2, 0.25f, NOW.plusMillis(1500));
        Point other = new Point("robustness/clean", 1, 0.75f, NOW);
        try (EventFolder events = EventFolder.open(folder, clock(0))) {
            events.add(first);
            events.add(other);
            events.add(first);
        }
        tear();
        try (EventFolder events = EventFolder.open(folder, clock(1))) {
            events.add(first);
            events.add(second);
            events.add(other);
        }
        assertThat(EventFolder.read(folder)).containsExactly(first, other, second);
    }

    @Test
    void theFileBeginsWithItsVersion() throws IOException {
        try (EventFolder events = EventFolder.open(folder, clock(0))) {
            assertThat(folder).isEmptyDirectory();
            events.add(new Point("a", 0, 1, NOW));
        }
        Path file = files().get(0);
        assertThat(file.getFileName().toString()).startsWith("events.out.tfevents.1795910400.");
        Event event = Event.parseFrom(TensorFlowRecords.read(Files.newInputStream(file)).orElseThrow());
        assertThat(event.getFileVersion()).isEqualTo("brain.Event:2");
        assertThat(event.getWallTime()).isEqualTo(NOW.getEpochSecond());
    }

    /** As where the writer is killed within a record. */
    private void tear() throws IOException {
        Files.write(files().get(0), new byte[] {9, 0, 0}, StandardOpenOption.APPEND);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static Clock clock(long seconds) {
        return Clock.fixed(NOW.plusSeconds(seconds), ZoneOffset.UTC);
    }
}

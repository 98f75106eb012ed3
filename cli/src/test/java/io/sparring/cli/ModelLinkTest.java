package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelLinkTest {

    @TempDir
    Path folder;

    @Test
    void isAlwaysAWholeModelForWhoReadsItWhileItIsReplaced() throws Exception {
        int versions = 300;
        ModelLink link = new ModelLink(folder.resolve("model"));
        place(link, 0);
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong newest = new AtomicLong();
        AtomicLong count = new AtomicLong();
        CompletableFuture<Void> reads = CompletableFuture.runAsync(() -> {
            long before = 0;
            while (!over.get() || before < versions) {
                long atLeast = newest.get();
                ModelDescription read = read(folder.resolve("model"));
                assertThat(read.step()).as("goes back").isBetween(Math.max(before, atLeast), (long) versions);
                before = read.step();
                count.incrementAndGet();
            }
        });

        for (int step = 1; step <= versions; step++) {
            place(link, step);
            newest.set(step);
            // two versions are kept behind the newest: a reader must not sleep through three, as a loaded machine may have it do
            long read = count.get();
            while (count.get() == read && !reads.isDone()) {
                Thread.onSpinWait();
            }
        }
        over.set(true);

        reads.get(1, TimeUnit.MINUTES);
        assertThat(count).hasValueGreaterThan(0);
        assertThat(link.current().orElseThrow().step()).isEqualTo(versions);
    }

    @Test
    void keepsTheTwoVersionsBeforeTheNewest() throws IOException {
        ModelLink link = new ModelLink(folder.resolve("model"));
        for (int step = 0; step < 5; step++) {
            place(link, step);
        }

        try (Stream<Path> kept = Files.list(folder.resolve("model.versions"))) {
            assertThat(kept.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("v2", "v3", "v4");
        }
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all.map(path -> path.getFileName().toString()))
                    .as("nothing is left behind").containsExactlyInAnyOrder("model", "model.versions");
        }
    }

    @Test
    void staysWhatItIsWhereAVersionCannotBeWritten() throws IOException {
        ModelLink link = new ModelLink(folder.resolve("model"));
        place(link, 1);

        assertThatThrownBy(() -> link.place("v2", version -> {
            throw new IOException("disk full");
        })).hasMessage("disk full");

        assertThat(link.current().orElseThrow().step()).isEqualTo(1);
    }

    @Test
    void goesOnWhereAnotherProcessHasEnded() throws IOException {
        place(new ModelLink(folder.resolve("model")), 1);

        ModelLink again = new ModelLink(folder.resolve("model"));
        assertThat(again.current().orElseThrow().step()).isEqualTo(1);
        place(again, 2);

        assertThat(read(folder.resolve("model")).step()).isEqualTo(2);
    }

    @Test
    void survivesThatItsFoldersAreMovedTogether() throws IOException {
        Files.createDirectory(folder.resolve("here"));
        place(new ModelLink(folder.resolve("here/model")), 1);

        Files.move(folder.resolve("here"), folder.resolve("there"));

        assertThat(read(folder.resolve("there/model")).step()).isEqualTo(1);
    }

    @Test
    void replacesNothingThatItHasNotMade() throws IOException {
        Files.createDirectory(folder.resolve("folder"));
        Files.createFile(folder.resolve("file"));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("folder"));

        for (String taken : List.of("folder", "file", "link")) {
            assertThatThrownBy(() -> new ModelLink(folder.resolve(taken))).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("--out: '" + folder.resolve(taken) + "'")
                    .hasMessageContaining("allowed: with --follow");
        }
        assertThat(new ModelLink(folder.resolve("free")).current()).isEmpty();
    }

    private static void place(ModelLink link, int step) throws IOException {
        link.place("v" + step, version -> {
            Files.createDirectory(version);
            description(step).write(version);
        });
    }

    private static ModelDescription description(int step) {
        return new ModelDescription("run", 0, step, "a".repeat(64), "b".repeat(64), "", Map.of("clean", 0.5), "made",
                "cnn4", List.of(8, 8, 1), 4, "2026-01-01T00:00:00Z");
    }

    private static ModelDescription read(Path folder) {
        try {
            return ModelDescription.read(folder).orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

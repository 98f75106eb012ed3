package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DataCacheTest {

    @TempDir Path directory;

    @Test
    void keepsFilesUncompressedUnderTheirNames() throws IOException {
        Path from = MadeFiles.write(directory.resolve("from"), (byte) 1);
        DataSetDescription set = MadeFiles.description("set", (byte) 1, List.of());
        Path kept = directory.resolve("deep/cache");

        new DataCache(kept).keep(from, set.files());

        assertThat(kept).isDirectoryNotContaining(file -> file.toString().endsWith(".gz"));
        assertThat(kept.toFile().list())
                .containsExactlyInAnyOrder("train-images", "train-labels", "test-images", "test-labels");
        set.verify(kept);
    }

    @Test
    void replacesAFileThatIsThere() throws IOException {
        Path from = MadeFiles.write(directory.resolve("from"), (byte) 1);
        Path kept = MadeFiles.write(directory.resolve("kept"), (byte) 2);

        new DataCache(kept).keep(from, MadeFiles.description("set", (byte) 1, List.of()).files());

        MadeFiles.description("set", (byte) 1, List.of()).verify(kept);
    }

    /** What is read while others write is always whole. */
    @Test
    @Timeout(60)
    void manyMayKeepTheSameFilesAtOnce() throws Exception {
        Path from = MadeFiles.write(directory.resolve("from"), (byte) 1);
        DataSetDescription set = MadeFiles.description("set", (byte) 1, List.of());
        Path kept = directory.resolve("kept");
        new DataCache(kept).keep(from, set.files());

        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                writers.add(threads.submit(() -> {
                    for (int round = 0; round < 50; round++) {
                        new DataCache(kept).keep(from, set.files());
                    }
                    return null;
                }));
            }
            while (!writers.stream().allMatch(Future::isDone)) {
                set.verify(kept);
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(kept.toFile().list()).hasSize(4);
    }

    @Test
    void namesACacheThatCannotBeWritten() throws IOException {
        Path from = MadeFiles.write(directory.resolve("from"), (byte) 1);
        Path occupied = Files.createFile(directory.resolve("occupied"));
        DataSetDescription set = MadeFiles.description("set", (byte) 1, List.of());

        assertThatIOException().isThrownBy(() -> new DataCache(occupied).keep(from, set.files()))
                .withMessageStartingWith(occupied + ": cannot keep the files there: ");
    }
}

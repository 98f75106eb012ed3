package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker's disk is full: the broker stops, the services wait, and once there is room and a broker nothing is lost. */
class FullDiskIT {

    private static final int BATCHES = 400;

    @TempDir
    Path folder;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=192m", "tmpfs", disk.toString()))
                .as("a small file system of its own can be mounted, as root can").isZero();
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", disk.toString());
    }

    @Test
    void theBrokerStopsTheServicesWaitAndNothingIsLost() throws Exception {
        try (MortalBroker broker = MortalBroker.start(disk.resolve("broker"));
                ServiceChildren services = ServiceChildren.of("disk-" + UUID.randomUUID(),
                        Map.of("data.batches", "" + BATCHES, "data.lead", "24", "log", "keep"), broker.bootstrapServers(),
                        folder)) {
            List<ChildProcess> children = services.startAll();
            services.awaitBatches(20);

            Path ballast = fill();
            await().atMost(ServiceChildren.LIMIT).until(() -> !broker.isAlive());
            assertThat(services.progress().batches()).as("still in the middle").isLessThan(BATCHES);
            assertThat(children).allMatch(ChildProcess::isAlive);

            Files.delete(ballast);
            broker.startAgain();
            services.awaitBatches(BATCHES);
            assertThat(children).allMatch(ChildProcess::isAlive);
            assertThat(services.broken()).isEmpty();
        }
    }

    private Path fill() {
        Path ballast = disk.resolve("ballast");
        byte[] piece = new byte[4096];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(piece);
            }
        } catch (IOException e) {
            // no space left on device
            return ballast;
        }
    }

    private static int run(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                .waitFor();
    }
}

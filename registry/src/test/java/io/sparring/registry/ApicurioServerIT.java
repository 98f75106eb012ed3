package io.sparring.registry;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same with Apicurio's own server, which keeps its schemas in memory: where the build has unpacked it ({@code
 * -Dregistry-server}, 159 MB) and there is a Java of version 21 or later to run it.
 */
class ApicurioServerIT extends RegistryContract {

    private static final int LEAST_JAVA = 21;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Pattern ADDRESS = Pattern.compile("Listening on: (http://[^\\s]+:\\d+)");

    private static Process server;
    private static String address;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        Path jar = Path.of(System.getProperty("registry.server", "target/none"), "quarkus-run.jar");
        assumeTrue(Files.exists(jar), "the server is not unpacked: build with -Dregistry-server");
        Optional<Path> java = java();
        assumeTrue(java.isPresent(), "no Java of version " + LEAST_JAVA + " or later in JAVA_HOME, REGISTRY_JAVA_HOME or /usr/lib/jvm");
        Path log = folder.resolve("server.log");
        server = new ProcessBuilder(java.get().toString(), "-Xmx400m", "-Dquarkus.http.port=0", "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.management.port=0",
                "-jar", jar.toAbsolutePath().toString()).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        await().atMost(LIMIT).until(() -> {
            Matcher matcher = ADDRESS.matcher(Files.readString(log));
            if (!server.isAlive()) {
                throw new AssertionError("the server has ended: " + Files.readString(log));
            }
            address = matcher.find() ? matcher.group(1) : null;
            return address != null;
        });
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (server != null) {
            server.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
        }
    }

    @Override
    String url() {
        return address + "/apis/registry/v3";
    }

    private static Optional<Path> java() throws IOException {
        Path machines = Path.of("/usr/lib/jvm");
        try (Stream<Path> installed = Files.isDirectory(machines) ? Files.list(machines) : Stream.empty()) {
            Stream<Path> named = Stream.of("REGISTRY_JAVA_HOME", "JAVA_HOME").map(System.getenv()::get)
                    .filter(home -> home != null).map(Path::of);
            List<Path> homes = Stream.concat(named, installed.sorted()).toList();
            return homes.stream().filter(ApicurioServerIT::isNew).map(home -> home.resolve("bin/java")).filter(Files::isExecutable)
                    .findFirst();
        }
    }

    /** By the file that every JDK has. */
    private static boolean isNew(Path home) {
        try {
            return Files.readAllLines(home.resolve("release")).stream().filter(line -> line.startsWith("JAVA_VERSION=\""))
                    .map(line -> line.replaceAll("[^0-9.]", "").split("\\.")[0])
                    .anyMatch(version -> Integer.parseInt(version) >= LEAST_JAVA);
        } catch (IOException e) {
            return false;
        }
    }
}

package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher script, on a small copy of the tree, with a mvn and a java that only say what they were asked to do. */
class LauncherTest {

    private static final Path SCRIPT = Path.of("..", "sparring").toAbsolutePath().normalize();

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Path root;
    private Path tools;
    private String buildOptions;

    @BeforeEach
    void layOut() throws IOException {
        root = Files.createDirectory(folder.toRealPath().resolve("a clone"));
        tools = Files.createDirectory(folder.resolve("tools"));
        for (String tool : List.of("dirname", "readlink", "sed", "head", "find", "ls", "cat", "mkdir", "rmdir", "mv",
                "sleep")) {
            borrow(tool);
        }
        tool("java", "[ \"$1\" = -version ] && echo 'openjdk version \"17.0.15\"' >&2 || echo \"java $*\"");
        tool("javac", "");
        tool("mvn", """
                echo "$*" >>'%1$s/builds'
                until [ -e '%1$s/may-build' ]; do sleep 0.1; done
                mkdir -p '%1$s/benchmarks/target/classes'
                echo /repository/library.jar >'%1$s/benchmarks/target/classpath.txt'
                """.formatted(root));
        Files.createFile(root.resolve("may-build"));
        Files.copy(SCRIPT, root.resolve("sparring"));
        Files.createDirectories(root.resolve("benchmarks/src/main"));
        Files.createDirectories(root.resolve("learning/src/main"));
        Files.createFile(root.resolve("pom.xml"));
        age();
    }

    @Test
    void buildsOnceAndThenRunsAtOnce() throws Exception {
        assertThat(launch("broker", "--port", "1").output()).contains("building Sparring (first time")
                .endsWith("java -cp " + root + "/benchmarks/target/classes:/repository/library.jar io.sparring.cli.Sparring"
                        + " broker --port 1\n");
        assertThat(launch("--version").output()).doesNotContain("building");
        assertThat(builds()).singleElement().asString().contains("-DskipTests").endsWith("package");
    }

    @Test
    void buildsAgainWhenASourceOfAnyModuleHasChanged() throws Exception {
        launch();
        age();
        Files.createFile(root.resolve("learning/src/main/Network.java"));

        assertThat(launch().output()).contains("building Sparring (its sources or build options have changed)");
        assertThat(builds()).hasSize(2);
    }

    @Test
    void buildsAgainWhenARunFileHasChanged() throws Exception {
        launch();
        age();
        Files.createFile(Files.createDirectory(root.resolve("runs")).resolve("fashion-mnist.yaml"));

        assertThat(launch().output()).contains("building Sparring (its sources or build options have changed)");
        assertThat(launch().output()).doesNotContain("building");
    }

    @Test
    void buildsAgainWithOtherBuildOptions() throws Exception {
        launch();
        buildOptions = "-Dgpu -o";

        assertThat(launch().output()).contains("building Sparring (its sources or build options have changed)");
        assertThat(launch().output()).doesNotContain("building");
        assertThat(builds()).hasSize(2).last().asString().contains(" -DskipTests -Dgpu -o -f ");

        buildOptions = null;
        launch();
        assertThat(builds()).hasSize(3).last().asString().doesNotContain("-Dgpu");
    }

    @Test
    void takesWhatMavenHasBuiltWithoutIt() throws Exception {
        for (String module : List.of("benchmarks", "learning")) {
            Files.createDirectories(root.resolve(module).resolve("target/classes"));
            Files.createFile(root.resolve(module).resolve("target/sparring-" + module + "-1.jar"));
        }
        Files.writeString(root.resolve("benchmarks/target/classpath.txt"), "library.jar");

        assertThat(launch().output()).startsWith("java -cp");
        assertThat(root.resolve("builds")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void buildsOnceForTwoLaunchesAtATime(boolean flock) throws Exception {
        if (flock) {
            borrow("flock");
        }
        Files.delete(root.resolve("may-build"));
        Launch first = start(root.resolve("sparring"));
        await().atMost(LIMIT).until(() -> Files.exists(root.resolve("builds")));
        Launch second = start(root.resolve("sparring"));
        await().atMost(LIMIT).until(() -> second.output().contains("waiting for the build"));
        Files.createFile(root.resolve("may-build"));

        assertThat(first.exitCode()).isZero();
        assertThat(second.exitCode()).isZero();
        assertThat(second.output()).contains("io.sparring.cli.Sparring");
        assertThat(builds()).hasSize(1);
    }

    @Test
    void runsThroughSymbolicLinksFromAnywhere() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), root.resolve("sparring"));
        Path relative = Files.createSymbolicLink(folder.resolve("relative"), Path.of("link"));

        Launch launch = start(relative);

        assertThat(launch.exitCode()).isZero();
        assertThat(launch.output()).contains(root + "/benchmarks/target/classes");
        assertThat(link).isSymbolicLink();
    }

    @Test
    void saysWhatIsMissingAndHowToGetIt() throws Exception {
        Files.delete(tools.resolve("mvn"));
        assertThat(failed()).contains("Maven (mvn) is needed").contains("apt-get install maven");
        tool("java", "echo 'openjdk version \"11.0.2\"' >&2");
        assertThat(failed()).contains("Java 17 or later is needed").contains("https://adoptium.net");
        Files.delete(tools.resolve("java"));
        assertThat(failed()).contains("no Java at 'java'");
    }

    @Test
    void doesNotRunWhatCouldNotBeBuilt() throws Exception {
        tool("mvn", "exit 1");

        assertThat(failed()).contains("the build has failed");
        assertThat(failed()).contains("building Sparring");
    }

    private String failed() throws Exception {
        Launch launch = start(root.resolve("sparring"));
        assertThat(launch.exitCode()).isEqualTo(1);
        assertThat(launch.output()).doesNotContain("io.sparring.cli.Sparring");
        return launch.output();
    }

    private Launch launch(String... arguments) throws Exception {
        Launch launch = start(root.resolve("sparring"), arguments);
        assertThat(launch.exitCode()).as(launch.output()).isZero();
        return launch;
    }

    private Launch start(Path script, String... arguments) throws IOException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        List<String> words = Stream.concat(Stream.of(script.toString()), Stream.of(arguments)).toList();
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        if (buildOptions != null) {
            builder.environment().put("SPARRING_BUILD_OPTIONS", buildOptions);
        }
        return new Launch(builder.start(), output);
    }

    private List<String> builds() throws IOException {
        return Files.readAllLines(root.resolve("builds"));
    }

    /** Dates all of the tree back, so that what comes after is newer, however coarse the clock of files is. */
    private void age() throws IOException {
        FileTime past = FileTime.from(Instant.now().minusSeconds(60));
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, past);
            }
        }
    }

    private void tool(String name, String script) throws IOException {
        Path file = Files.writeString(tools.resolve(name), "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A tool of this machine, with nothing beside it that a test wants to be missing. */
    private void borrow(String name) throws IOException {
        tool(name, "PATH=/usr/bin:/bin exec " + name + " \"$@\"");
    }

    private record Launch(Process process, Path outputFile) {

        int exitCode() throws InterruptedException {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        String output() throws IOException {
            return Files.readString(outputFile);
        }
    }
}

package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a script in apt-get's place and a package made by the test. */
class DebianPackageSourceTest {

    @TempDir Path programs;
    @TempDir Path workspace;

    private Path calls;

    @BeforeEach
    void makePackage() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dpkg-deb")), "dpkg-deb is not installed");
        calls = programs.resolve("calls");
        Path root = programs.resolve("root");
        Files.write(Files.createDirectories(root.resolve("usr/share/set")).resolve("file"), new byte[] {6});
        Files.writeString(Files.createDirectory(root.resolve("DEBIAN")).resolve("control"), """
                Package: set
                Version: 1.0
                Architecture: all
                Maintainer: nobody <nobody@example.org>
                Description: made by a test
                """);
        new ExternalCommand(programs, Duration.ofSeconds(30)).run("dpkg-deb", "-b", "root", "made.deb");
    }

    @Test
    void downloadsAndUnpacks() throws Exception {
        String aptGet = program("cp %s/made.deb set_1.0_all.deb".formatted(programs));

        Path files = new DebianPackageSource("set", "usr/share/set", aptGet).fetch(workspace);

        assertThat(files.resolve("file")).hasBinaryContent(new byte[] {6});
        assertThat(calls).hasContent("download set");
    }

    @Test
    void updatesTheIndexWhenThePackageIsUnknown() throws Exception {
        String aptGet = program("""
                case $1 in
                    update) touch updated ;;
                    download) test -e updated || { echo "E: Unable to locate package set"; exit 100; }
                        cp %s/made.deb set_1.0_all.deb ;;
                esac
                """.formatted(programs));

        Path files = new DebianPackageSource("set", "usr/share/set", aptGet).fetch(workspace);

        assertThat(files.resolve("file")).hasBinaryContent(new byte[] {6});
        assertThat(calls).hasContent("download set\nupdate\ndownload set");
    }

    @Test
    void saysWhatAptGetSaid() throws Exception {
        String aptGet = program("echo 'E: Unable to locate package set'; exit 100");

        assertThatIOException()
                .isThrownBy(() -> new DebianPackageSource("set", "usr/share/set", aptGet).fetch(workspace))
                .withMessageContainingAll("exited with 100", "E: Unable to locate package set");
    }

    private String program(String script) throws IOException {
        return FakeProgram.write(programs.resolve("apt-get"), "echo \"$@\" >> %s\n%s".formatted(calls, script));
    }
}

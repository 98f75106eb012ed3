package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a script in npm's place. */
class NpmPackageSourceTest {

    @TempDir Path programs;
    @TempDir Path workspace;

    @Test
    void downloadsAndUnpacks() throws Exception {
        String npm = FakeProgram.write(programs.resolve("npm"), """
                test "$1 $2" = "pack set@1.0.0"
                mkdir -p %1$s/package/data
                printf x > %1$s/package/data/file
                tar -czf set-1.0.0.tgz -C %1$s package
                """.formatted(programs));

        assertThat(new NpmPackageSource("set@1.0.0", "data", npm).fetch(workspace).resolve("file")).hasContent("x");
    }

    @Test
    void saysWhatNpmSaid() throws Exception {
        String npm = FakeProgram.write(programs.resolve("npm"), "echo 'npm ERR! code E404' >&2; exit 1");

        assertThatIOException().isThrownBy(() -> new NpmPackageSource("set@1.0.0", ".", npm).fetch(workspace))
                .withMessageContainingAll("pack set@1.0.0", "exited with 1", "npm ERR! code E404");
    }

    @Test
    void saysThatThereIsNoNpm() {
        String missing = programs.resolve("missing").toString();

        assertThatIOException().isThrownBy(() -> new NpmPackageSource("set@1.0.0", ".", missing).fetch(workspace))
                .withMessageContaining(missing);
    }

    @Test
    void saysThatNoPackageCame() throws Exception {
        String npm = FakeProgram.write(programs.resolve("npm"), "");

        assertThatIOException().isThrownBy(() -> new NpmPackageSource("set@1.0.0", ".", npm).fetch(workspace))
                .withMessage(workspace + ": 0 files end in .tgz; expected: one");
    }
}

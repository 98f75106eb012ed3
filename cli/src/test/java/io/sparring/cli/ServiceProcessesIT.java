package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceProcessesIT {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private final List<ProcessHandle> before = ProcessHandle.current().children().toList();
    private final List<String> said = new ArrayList<>();

    @Test
    void startsAgainWhatHasDiedAndLeavesTheOthersAlone() throws Exception {
        try (ServiceProcesses services = new ServiceProcesses(said::add)) {
            services.start(scripted("steady"));
            ProcessHandle steady = children().get(0);
            services.start(scripted("mortal"));
            ProcessHandle mortal = children().stream().filter(child -> child.pid() != steady.pid()).findFirst().orElseThrow();
            services.tend();
            assertThat(said).isEmpty();

            mortal.destroyForcibly();
            await().atMost(LIMIT).pollInSameThread().until(() -> {
                services.tend();
                return !said.isEmpty();
            });

            assertThat(said).singleElement().asString().startsWith("the mortal died with exit code 137, starting it again")
                    .contains(folder.resolve("mortal.log").toString());
            assertThat(children()).hasSize(2).contains(steady).doesNotContain(mortal);
        }
        assertThat(children()).isEmpty();
    }

    @Test
    void givesUpOnWhatKeepsDying() throws Exception {
        try (ServiceProcesses services = new ServiceProcesses(said::add, 2)) {
            services.start("stranger", folder, List.of("no-such-command"));

            assertThatThrownBy(() -> await().atMost(LIMIT).pollInSameThread().until(() -> {
                services.tend();
                return false;
            })).isInstanceOf(ChildFailedException.class)
                    .hasMessageStartingWith("the stranger has died too often")
                    .hasMessageContaining("no-such-command");
        }
        assertThat(said).hasSize(2);
    }

    @Test
    void leavesWhatHasEndedAsItWasToldTo() throws Exception {
        try (ServiceProcesses services = new ServiceProcesses(said::add, 2)) {
            services.start("version", folder, List.of("--version"));
            assertThat(services.ended()).isFalse();
            await().atMost(LIMIT).until(services::ended);
            services.tend();
            assertThat(services.ended()).isTrue();
        }
        assertThat(said).isEmpty();
    }

    private ChildCommand scripted(String name) {
        return ChildCommand.sparring(name, folder.resolve(name + ".log"), "wait").withMainClass(ScriptedChild.class);
    }

    /** The children of this JVM, but for the broker of other tests. */
    private List<ProcessHandle> children() {
        return ProcessHandle.current().children().filter(child -> !before.contains(child)).toList();
    }
}

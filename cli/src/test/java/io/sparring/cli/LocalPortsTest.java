package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPortsTest {

    @TempDir
    Path folder;

    @Test
    void keepsThePortsItHasPicked() throws IOException {
        LocalPorts ports = LocalPorts.in(folder, 0);

        assertThat(ports.broker()).isBetween(20_000, 29_999).isNotEqualTo(ports.controller());
        assertThat(LocalPorts.in(folder, 0)).isEqualTo(ports);
        assertThatCode(ports::requireFree).doesNotThrowAnyException();
    }

    @Test
    void keepsThePortItIsGivenLast() throws IOException {
        LocalPorts picked = LocalPorts.in(folder, 0);

        LocalPorts given = LocalPorts.in(folder, 9092);

        assertThat(given).isEqualTo(new LocalPorts(9092, picked.controller()));
        assertThat(LocalPorts.in(folder, 0)).isEqualTo(given);
        assertThat(given.bootstrapServers()).isEqualTo("127.0.0.1:9092");
    }

    @Test
    void movesTheControllerOffThePortThatTheBrokerIsGiven() throws IOException {
        int controller = LocalPorts.in(folder, 0).controller();

        LocalPorts ports = LocalPorts.in(folder, controller);

        assertThat(ports.broker()).isEqualTo(controller);
        assertThat(ports.controller()).isNotEqualTo(controller);
    }

    @Test
    void namesTheTakenPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName(LocalPorts.HOST))) {
            LocalPorts ports = LocalPorts.in(folder, taken.getLocalPort());

            assertThatThrownBy(ports::requireFree)
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("--port");
        }
    }
}
